"""All formats by name, and the one way to write them."""

from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path

from checker.errors import EnvironmentFaultError, UsageError
from checker.files import write_whole
from checker.grading.export import (
    canvas,
    classroom,
    csv,
    feedback,
    gradescope,
    json,
    junit,
    moodle,
    page,
)
from checker.grading.export.job import TITLE, Format, Job
from checker.grading.export.safe import file_names
from checker.grading.gradebook import Gradebook
from checker.grading.policy import Policy

FORMATS = {
    "csv": Format("a table: a row a student", csv.make, "grades.csv"),
    "json": Format(
        "everything, for programs: `checker schema --results`", json.make, "grades.json"
    ),
    "junit": Format("JUnit XML, for CI servers", junit.make, "grades.xml"),
    "class": Format("one page for the instructor", page.make, "class.html"),
    "feedback": Format("a page a student, HTML and Markdown", feedback.make),
    "gradescope": Format("a results.json a student", gradescope.make),
    "classroom": Format("GitHub Classroom: a result a student", classroom.make),
    "canvas": Format("a gradebook CSV to import", canvas.make, "canvas.csv", "can"),
    "moodle": Format("the grading worksheet, filled in", moodle.make, "moodle.csv", "needed"),
}


def export(
    book: Gradebook,
    format: str,
    out: Path,
    *,
    policy: Policy | None = None,
    title: str = TITLE,
    template: Path | None = None,
    column: str | None = None,
    partial: bool = False,
    students: Collection[str] = (),
    say: Callable[[str], object] = lambda _: None,
) -> list[Path]:
    """Write the results of a class in a format and list the files.

    Args:
        book: the class.
        format: a name in FORMATS.
        out: the file, or a folder that is made; a format with a file a student needs a folder.
        policy: what points are worth; the catalog's points without one.
        title: of pages, and of the column in a learning platform.
        template: the file that was downloaded, where the format fills one in.
        column: the column of the template that takes the grade.
        partial: give grades although topics of the student are not judged yet.
        students: ids of those who are written; all of them when empty.
        say: takes sentences for the person who exports.

    Raises:
        UsageError: an argument does not fit.
        EnvironmentFaultError: a file cannot be written; each is there whole or not at all.
    """
    form = find(format)
    _check_template(format, form, template, column)
    policy = policy or Policy()
    policy.check(book)
    chosen = _chosen(book, students)
    names = file_names([row.student.id for row in book.rows])
    job = Job(chosen, policy, title, template, column, partial, names, say)
    single = form.single is not None and not out.is_dir() and bool(out.suffix)
    written = []
    for name, content in form.make(job):
        path = out if single else out / name
        write(path, content)
        written.append(path)
    return written


def find(name: str) -> Format:
    """Find a format.

    Raises:
        UsageError: there is none of that name.
    """
    if name not in FORMATS:
        raise UsageError(f"There is no format {name!r}.", f"Formats: {', '.join(FORMATS)}.")
    return FORMATS[name]


def _check_template(name: str, form: Format, template: Path | None, column: str | None) -> None:
    if template is not None and not form.template:
        raise UsageError(f"The format {name} fills in no file.", "Leave --template out.")
    if template is None and form.template == "needed":
        raise UsageError(
            f"The format {name} fills in a file that you downloaded.",
            "Download the grading worksheet of the assignment and name it with --template.",
        )
    if column is not None and not form.template:
        raise UsageError(f"The format {name} has no column to choose.", "Leave --grade-column out.")


def _chosen(book: Gradebook, students: Collection[str]) -> Gradebook:
    """Give the class with those students only."""
    if not students:
        return book
    unknown = [one for one in students if one not in book.by_student]
    if unknown:
        raise UsageError(f"There is no student {unknown[0]!r}.", "Name students by their ids.")
    rows = tuple(row for row in book.rows if row.student.id in students)
    own = tuple(one for one in book.findings if one.student is None or one.student in students)
    return replace(book, rows=rows, findings=own)


def write(path: Path, content: bytes) -> None:
    """Write a file in one step: readers see the old content or the new, never a part.

    Raises:
        EnvironmentFaultError: it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content)
    except OSError as error:
        raise EnvironmentFaultError(
            f"{path} cannot be written: {error.strerror}.",
            "Free space or name another place with --out.",
        ) from error
