"""Look at this machine and say what is wrong and the command that mends it."""

from checker.doctor.finding import Finding, State
from checker.doctor.rounds import diagnose_machine

__all__ = ["Finding", "State", "diagnose_machine"]
