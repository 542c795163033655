"""Explain: turn what the judge saw of a failure into the card that the learner reads.

`diagnose` takes a check that did not pass, `diagnose_launch` a lab that did not come up. Rules are
tried in order and the first that recognises its trouble writes the card: what kept an answer away,
then the status, the time, header and body.
"""

from checker.judge.diagnosis.diagnose import diagnose, diagnose_launch

__all__ = ["diagnose", "diagnose_launch"]
