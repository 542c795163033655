"""Names that an instructor typed, turned into a student or a topic of the class."""

import difflib

from checker.errors import UsageError
from checker.grading.gradebook import Gradebook
from checker.grading.model import Row, TopicLine
from checker.harmless import line

MOST = 3


def find_student(book: Gradebook, name: str) -> Row:
    """Find a student by id, name, login or e-mail address, or by a beginning that only one has.

    Raises:
        UsageError: nobody or more than one has that name; the message suggests.
    """
    wanted = _plain(name)
    if name in book.by_student:
        return book.by_student[name]
    names = {row.student.id: _names(row) for row in book.rows}
    found = [row for row in book.rows if wanted in names[row.student.id]]
    if not found and wanted:
        found = [
            row for row in book.rows if any(one.startswith(wanted) for one in names[row.student.id])
        ]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(f"{name!r} names {len(found)} students.", f"Use an id: {_listed(found)}.")
    raise UsageError(f"There is no student {name!r}.", _suggested(book, names, wanted))


def find_students(book: Gradebook, names: list[str]) -> list[str]:
    """Find several students; give their ids.

    Raises:
        UsageError: a name is nobody's, or more than one student's.
    """
    return [find_student(book, name).student.id for name in names]


def find_topic(book: Gradebook, name: str) -> TopicLine:
    """Find a topic of the class by id ("5.1.2", "1.2") or title.

    Raises:
        UsageError: the class has none of that name.
    """
    wanted = _plain(name)
    for topic in book.topics:
        if wanted in (topic.id, topic.id.partition(".")[2], _plain(topic.title)):
            return topic
    known = {key: one for one in book.topics for key in (one.id, _plain(one.title))}
    close = difflib.get_close_matches(wanted, known, n=MOST, cutoff=0.5)
    near = ", ".join(f"{known[one].id} {known[one].title}" for one in close)
    topics = ", ".join(topic.id for topic in book.topics) or "none"
    raise UsageError(
        f"This class has no topic {name!r}.",
        f"Did you mean {near}?" if near else f"Its topics: {topics}.",
    )


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _names(row: Row) -> set[str]:
    one = row.student
    return {_plain(text) for text in (one.id, one.name, one.login, one.email) if text.strip()}


def _listed(rows: list[Row]) -> str:
    shown = [f"{line(row.student.id)} ({line(row.student.name)})" for row in rows[:MOST]]
    return ", ".join(shown) + (f" and {len(rows) - MOST} more" if len(rows) > MOST else "")


def _suggested(book: Gradebook, names: dict[str, set[str]], wanted: str) -> str:
    owners = {name: id for id, known in names.items() for name in known}
    parts = {part: id for name, id in owners.items() for part in name.split()}
    close = difflib.get_close_matches(wanted, {**parts, **owners}, n=MOST, cutoff=0.6)
    ids = list(dict.fromkeys({**parts, **owners}[one] for one in close))
    if not ids:
        return "`checker export RESULTS --format csv` lists the class."
    return f"Did you mean {_listed([book.by_student[id] for id in ids])}?"
