"""Read the list of a class: a CSV of one's own, Canvas's gradebook or Moodle's worksheet."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from checker.errors import UsageError
from checker.grading.intake.printing import shown, size, without_controls
from checker.grading.model import Student

LARGEST = 20_000_000
_ID: tuple[str, ...] = (
    "student id",
    "student number",
    "sid",
    "sis user id",
    "sis id",
    "sis student id",
)
_ID += ("id number", "matriculation number", "roster identifier", "identifier", "id")
_LMS = ("id", "identifier", "canvas id", "canvas user id", "lms id", "user id", "moodle id")
_LOGIN: tuple[str, ...] = ("sis login id", "login", "login id", "username", "user name", "user")
_LOGIN += ("github", "github username", "gitlab username", "net id", "netid")
_EMAIL = ("email", "e mail", "email address", "e mail address", "mail")
_NAME = ("student", "name", "full name", "student name", "display name")
_FIRST = ("first name", "given name", "firstname", "first")
_LAST = ("last name", "surname", "family name", "lastname", "last")
_SECTION = ("section", "sections", "group", "class")
_KNOWN = frozenset(_ID + _LMS + _LOGIN + _EMAIL + _NAME + _FIRST + _LAST + _SECTION)
_NOT_STUDENTS = ("points possible", "student, test", "test student", "manual posting")
_PARTICIPANT = re.compile(r"\D*[ /]\D*(\d+)")
"""Moodle's "Participant 77" and "Teilnehmer/in77"."""
_STAFF = ("instructor", "teacher", "ta", "teaching assistant", "reader", "observer")
_REMEDY = "Give each column a name in the first line, such as id, name, email, login, section."


@dataclass(frozen=True, slots=True)
class Roster:
    """The students of a class, in the order of the file.

    Args:
        students: one for each line.
        lms_ids: the learning platform's number of a student, by the student's id.
        other_ids: further names that a student goes by, by the student's id.
    """

    students: tuple[Student, ...]
    lms_ids: Mapping[str, str] = field(default_factory=dict)
    other_ids: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    cells: tuple[str, ...]


def read_roster(path: Path) -> Roster:
    """Read a roster.

    Columns are known by their usual names; all others are kept in `Student.columns`. A student's
    id is the first column of student id, SIS user id, ..., id, login and email that is filled in
    every line.

    Raises:
        UsageError: it cannot be read or understood, with the line and what to do.
    """
    name = shown(path.name)
    lines = _parse(_text(path, name), name)
    if not lines:
        raise UsageError(f"{name} is empty.", _REMEDY)
    header = [cell.strip() for cell in lines[0].cells]
    table = _Table(name, header, [line for line in lines[1:] if _is_student(line, header)])
    return table.roster()


class _Table:
    """The lines of a roster with what each column means."""

    def __init__(self, name: str, header: Sequence[str], lines: Sequence[_Line]) -> None:
        self.name = name
        self.header = header
        self.plain = [_plain(cell) for cell in header]
        role = self._first(("role", "roles"))
        self.lines = [line for line in lines if _cell(line, role).casefold() not in _STAFF]
        self._require_columns()
        self.email = self._first(_EMAIL)
        self.login = self._first(_LOGIN)
        self.section = self._first(_SECTION)
        self.named = self._first(_NAME)
        self.first, self.last = self._first(_FIRST), self._first(_LAST)
        self.id = self._id_column()

    def _require_columns(self) -> None:
        if not set(self.plain) & _KNOWN:
            raise UsageError(f"{self.name}: line 1 has no column that is known.", _REMEDY)
        if not self.lines:
            raise UsageError(f"{self.name} has no student below line 1.", "Add a line for each.")
        for line in self.lines:
            if len(line.cells) > len(self.header) and any(line.cells[len(self.header) :]):
                raise UsageError(
                    f"{self.name}: line {line.number} has {len(line.cells)} cells, line 1 has "
                    f"{len(self.header)}.",
                    'Put a name that has a comma into quotes: "Lovelace, Ada".',
                )

    def _first(self, names: Sequence[str]) -> int | None:
        return next((self.plain.index(name) for name in names if name in self.plain), None)

    def _id_column(self) -> int:
        places = [self.plain.index(name) for name in _ID if name in self.plain]
        places += [place for place in (self.login, self.email) if place is not None]
        for place in places:
            if all(_cell(line, place) for line in self.lines):
                return place
        if not places:
            raise UsageError(f"{self.name}: no column names students for certain.", _REMEDY)
        column = self.header[places[0]]
        empty = next(line.number for line in self.lines if not _cell(line, places[0]))
        raise UsageError(
            f"{self.name}: line {empty} has nothing in the column {column!r}.",
            "Fill in the id of each student, or remove the line.",
        )

    def roster(self) -> Roster:
        """Make the roster.

        Raises:
            UsageError: two lines have the same id.
        """
        seen: dict[str, int] = {}
        students, lms_ids, others = [], {}, {}
        for line in self.lines:
            student = self._student(line)
            if student.id in seen:
                raise UsageError(
                    f"{self.name}: lines {seen[student.id]} and {line.number} both have the id "
                    f"{shown(student.id)!r}.",
                    "Remove one of them, or give each student an id of their own.",
                )
            seen[student.id] = line.number
            students.append(student)
            others[student.id] = self._all(line, _ID + _LOGIN)
            if numbers := self._all(line, _LMS):
                found = _PARTICIPANT.fullmatch(numbers[0])
                lms_ids[student.id] = found[1] if found else numbers[0]
        return Roster(tuple(students), lms_ids, others)

    def _all(self, line: _Line, names: Sequence[str]) -> tuple[str, ...]:
        cells = [_cell(line, self.plain.index(name)) for name in names if name in self.plain]
        return tuple(dict.fromkeys(cell for cell in cells if cell))

    def _student(self, line: _Line) -> Student:
        id = without_controls(_cell(line, self.id))
        used = {self.id, self.email, self.login, self.section, self.named, self.first, self.last}
        columns = {
            header: _cell(line, place)
            for place, header in enumerate(self.header)
            if header and place not in used
        }
        parts = (_cell(line, self.first), _cell(line, self.last))
        name = _cell(line, self.named) or " ".join(part for part in parts if part)
        return Student(
            id=id,
            name=without_controls(name) or id,
            email=_cell(line, self.email),
            login=_cell(line, self.login),
            section=_cell(line, self.section),
            columns=columns,
        )


def _cell(line: _Line, place: int | None) -> str:
    return "" if place is None or place >= len(line.cells) else line.cells[place].strip()


def _plain(header: str) -> str:
    return re.sub(r"[\W_]+", " ", header.casefold()).strip()


def _is_student(line: _Line, header: Sequence[str]) -> bool:
    filled = [cell.strip() for cell in line.cells if cell.strip()]
    # Canvas fills only columns of marks in its lines about assignments.
    words = [cell.casefold() for cell in filled]
    return bool(filled) and words[0] not in _NOT_STUDENTS and bool(header)


def _text(path: Path, name: str) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise UsageError(
            f"The roster {name} cannot be read: {error.strerror}.", "Name a CSV file."
        ) from error
    if len(content) > LARGEST:
        raise UsageError(
            f"The roster {name} is larger than {size(LARGEST)}.", "Keep only the students' columns."
        )
    return _decoded(content, name)


def _decoded(content: bytes, name: str) -> str:
    is_utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = content.decode("utf-16" if is_utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        other = "" if is_utf16 else "; it looks like Windows-1252 or Latin-1"
        raise UsageError(
            f"{name}: line {line} is not {'UTF-16' if is_utf16 else 'UTF-8'}{other}.",
            'Save it again as "CSV UTF-8".',
        ) from error
    if "\0" in text or text.startswith("PK\x03\x04"):
        raise UsageError(f"The roster {name} is no CSV file.", "Save the list as CSV (UTF-8).")
    return text


def _parse(text: str, name: str) -> list[_Line]:
    marker = re.match(r"sep=(.)\r?\n", text)
    skipped = marker.end() if marker else 0
    delimiter = marker[1] if marker else _delimiter(text)
    reader = csv.reader(io.StringIO(text[skipped:], newline=""), delimiter=delimiter, strict=True)
    lines, number = [], 2 if marker else 1
    offset = number - 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                lines.append(_Line(number, tuple(cells)))
            number = reader.line_num + offset + 1
    except csv.Error as error:
        raise UsageError(
            f"{name}: line {reader.line_num + offset} is malformed: {error}.",
            "Look for a quotation mark that is not closed.",
        ) from error
    return lines


def _delimiter(text: str) -> str:
    """Choose what makes most known columns of the first line."""
    first = next((line for line in text.splitlines() if line.strip()), "")

    def known(delimiter: str) -> int:
        cells = next(csv.reader([first], delimiter=delimiter), [])
        return len({_plain(cell) for cell in cells} & _KNOWN)

    return max(",;\t|", key=known)
