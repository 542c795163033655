"""Gradescope's results.json, one a student in a folder of their own.

`score` is the grade by the policy, so it wins over the sum of the tests. A test that was not judged
has no score; the text above all tests says that the grade is not final.
"""

import json

from checker.grading.export.job import Files, Job, state_word
from checker.grading.export.outcomes import Outcome, outcomes
from checker.grading.model import Row
from checker.harmless import line


def make(job: Job) -> Files:
    """Give the files, `<student>/results.json`."""
    for row in job.book.rows:
        text = json.dumps(_results(job, row), indent=2) + "\n"
        yield f"{job.names[row.student.id]}/results.json", text.encode("ascii")


def _results(job: Job, row: Row) -> dict[str, object]:
    grade = job.grades[row.student.id]
    return {
        "score": float(grade.final),
        "execution_time": round(sum(one.seconds for one in row.cells.values())),
        "output": _output(job, row),
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [
            _test(job, number, one) for number, one in enumerate(outcomes(job, row), start=1)
        ],
        "extra_data": {
            "student": line(row.student.id),
            "trusted": job.book.trusted,
            "seed": job.book.seed,
            "sandbox": list(job.book.sandbox),
            "undecided": list(grade.undecided),
            "earned": float(grade.earned),
            "points": float(grade.points),
            "penalty": float(grade.penalty),
        },
    }


def _output(job: Job, row: Row) -> str:
    grade = job.grades[row.student.id]
    sentences = [job.warning]
    if grade.undecided:
        sentences.append(
            f"NOT FINAL: {', '.join(grade.undecided)} not judged yet. The score counts only what"
            " was judged; for the rest no points are given or taken."
        )
    sentences.append(f"{grade.final:f} of {grade.out_of:f}.")
    sentences += grade.notes
    sentences += [line(finding.message) for finding in row.findings]
    return "\n".join(filter(None, sentences))


def _test(job: Job, number: int, one: Outcome) -> dict[str, object]:
    most = float(job.worth(one.topic.id, one.task.points))
    state = one.verdict.value if one.verdict else state_word(one.cell)
    test: dict[str, object] = {
        "name": f"{one.topic.id} {one.task.title}" + ("" if one.passed else f" ({state})"),
        "number": str(number),
        "max_score": most,
        "output": one.text,
        "output_format": "text",
        "tags": [one.topic.id, state],
        "visibility": "visible",
        "extra_data": {"topic": one.topic.id, "task": one.task.id, "state": state},
    }
    if one.decided:
        test |= {
            "score": most if one.passed else 0.0,
            "status": "passed" if one.passed else "failed",
        }
    return test
