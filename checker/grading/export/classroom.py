"""GitHub Classroom: what a grading step outputs, as JSON and as the base64 that the reporter reads.

The reporter adds up the scores of the tests and knows no policy, so weights count in it, and
lateness and scale do not.
"""

import base64
import json

from checker.grading.export.job import Files, Job, state_word
from checker.grading.export.outcomes import Outcome, outcomes
from checker.grading.model import Row
from checker.harmless import line

VERSION = 1


def make(job: Job) -> Files:
    """Give `<student>.json` and `<student>.result`, the same in base64."""
    for row in job.book.rows:
        text = json.dumps(_result(job, row), indent=2) + "\n"
        name = job.names[row.student.id]
        yield f"{name}.json", text.encode("ascii")
        yield f"{name}.result", base64.b64encode(text.encode("ascii")) + b"\n"


def _result(job: Job, row: Row) -> dict[str, object]:
    found = list(outcomes(job, row))
    undecided = [one for one in found if not one.decided]
    status = "error" if undecided else "pass" if all(one.passed for one in found) else "fail"
    return {
        "version": VERSION,
        "status": status,
        "max_score": float(sum(job.worth(one.topic.id, one.task.points) for one in found)),
        "tests": [_test(job, row, one) for one in found],
    }


def _test(job: Job, row: Row, one: Outcome) -> dict[str, object]:
    state = one.verdict.value if one.verdict else state_word(one.cell)
    words = [job.warning, "" if one.passed else state, one.text]
    return {
        "name": job.marked(f"{one.topic.id} {line(one.task.title)}"),
        "status": "pass" if one.passed else "fail" if one.decided else "error",
        "score": float(job.worth(one.topic.id, one.task.points)) if one.passed else 0,
        "message": "\n".join(filter(None, words)),
        "test_code": "",
        "filename": line(row.source or ""),
        "line_no": 0,
        "duration": round(one.seconds * 1000),
    }
