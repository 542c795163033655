"""A gradebook for Canvas to import.

With a template, the gradebook downloaded from Canvas, all of its lines, ids and columns are kept
and one column is filled in: `Title (id)` where Canvas has it, else a new one. Untrusted results
always get a new column, named UNTRUSTED, so that they cannot replace grades. Without a template
there are the five columns that name a student and ours.
"""

import re

from checker.errors import UsageError
from checker.grading.export.csv import table
from checker.grading.export.job import Files, Job
from checker.grading.export.sheet import Sheet, fill, folded, read_sheet
from checker.grading.model import Row

WHO = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
POINTS = "Points Possible"
_NUMBERED = re.compile(r"(.+?)\s*\(\d+\)\s*")


def make(job: Job) -> Files:
    """Give the file."""
    if job.template is None:
        yield "canvas.csv", _fresh(job).encode()
    else:
        yield "canvas.csv", _filled(job, read_sheet(job.template))


def _fresh(job: Job) -> str:
    title = job.marked(job.column or job.title)
    out_of = job.policy.grade_out_of(job.book)
    lines = [[*WHO, title], [f"    {POINTS}", "", "", "", "", f"{out_of:f}"]]
    lines += [[*_who(row), job.grade_text(row)] for row in job.book.rows]
    return table(lines)


def _who(row: Row) -> list[str]:
    """Name a student by all that is known; the id stands in where no number of Canvas is."""
    student = row.student
    number = student.columns.get("ID", "") or row.lms_id
    sis = student.columns.get("SIS User ID", "")
    login = student.columns.get("SIS Login ID", "") or student.login
    if not (number or sis or login):
        login = student.id
    return [student.name, number, sis, login, student.section]


def _filled(job: Job, sheet: Sheet) -> bytes:
    missing = [name for name in WHO[:2] if name not in (one.strip() for one in sheet.headers)]
    if missing:
        raise UsageError(
            f"{sheet.path} is no gradebook of Canvas: it has no column {missing[0]!r}.",
            "Export the gradebook in Canvas and name that file.",
        )
    number = sheet.named("ID")
    column, is_new = _column(job, sheet)
    out_of = f"{job.policy.grade_out_of(job.book):f}"
    students = []
    for cells in sheet.body:
        if cells[0].strip() == POINTS:
            _check_points(job, sheet, cells, column, out_of if is_new else "")
        elif number < len(cells) and cells[number].strip():
            students.append((cells, cells[number].strip()))
    names = [place for place, name in enumerate(sheet.headers) if name.strip() in WHO]
    fill(job, sheet, column, max(names) + 1, students)
    return sheet.content()


def _column(job: Job, sheet: Sheet) -> tuple[int, bool]:
    """Find our column or append it; say whether it is new."""
    title = job.marked(job.column or job.title)
    exact = [place for place, name in enumerate(sheet.headers) if name.strip() == title]
    found = exact or [
        place
        for place, name in enumerate(sheet.headers)
        if (numbered := _NUMBERED.fullmatch(name)) and folded(numbered[1]) == folded(title)
    ]
    if len(found) > 1:
        names = ", ".join(repr(sheet.headers[place]) for place in found)
        raise UsageError(
            f"{sheet.path} has several columns {title!r}: {names}.",
            "Name one of them, with its number, by --grade-column.",
        )
    if found:
        return found[0], False
    job.say(f"The gradebook has no column {title!r} yet: Canvas will make that assignment.")
    return sheet.add_column(title), True


def _check_points(job: Job, sheet: Sheet, cells: list[str], column: int, out_of: str) -> None:
    """Give a new column its points; compare those of one that Canvas has."""
    if out_of:
        sheet.put(cells, column, out_of)
        return
    ours = job.policy.grade_out_of(job.book)
    said = cells[column].strip() if column < len(cells) else ""
    if said and not _same(said, float(ours)):
        job.say(
            f"Canvas offers {said} points and the grades are out of {ours:f}: "
            f"a policy with `[scale] to = {said}` makes them agree."
        )


def _same(text: str, number: float) -> bool:
    try:
        return float(text.replace(",", ".")) == number
    except ValueError:
        return False
