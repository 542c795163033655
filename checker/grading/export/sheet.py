"""A table that was downloaded: read as it is, filled in, and written the same way.

Encoding, byte order mark, delimiter, line ends and all cells that are not filled in are kept.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from checker.errors import UsageError
from checker.grading.export.job import Job
from checker.grading.model import Row
from checker.harmless import line

LARGEST = 20_000_000
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DELIMITERS = ",;\t|:"


@dataclass
class Sheet:
    """The rows of a file; the first one holds the headers."""

    path: Path
    rows: list[list[str]]
    encoding: str
    delimiter: str
    line_end: str
    quoted: bool

    @property
    def headers(self) -> list[str]:
        """Give the names of the columns."""
        return self.rows[0]

    @property
    def body(self) -> list[list[str]]:
        """Give the rows below the headers."""
        return self.rows[1:]

    def add_column(self, header: str) -> int:
        """Append a column and give its index."""
        width = max(len(row) for row in self.rows)
        for row in self.rows:
            row += [""] * (width + 1 - len(row))
        self.headers[width] = header
        return width

    def put(self, row: list[str], column: int, text: str) -> None:
        """Fill in one cell."""
        row += [""] * (column + 1 - len(row))
        row[column] = text

    def named(self, wanted: str) -> int:
        """Find a column by its whole header.

        Raises:
            UsageError: none or several have it.
        """
        found = [place for place, name in enumerate(self.headers) if folded(name) == folded(wanted)]
        if len(found) != 1:
            raise UsageError(
                f"{self.path} has {len(found) or 'no'} column{'s' * (len(found) > 1)} {wanted!r}.",
                f"Its columns: {', '.join(line(one) for one in self.headers)}.",
            )
        return found[0]

    def content(self) -> bytes:
        """Give the file."""
        text = io.StringIO()
        writer = csv.writer(
            text,
            delimiter=self.delimiter,
            lineterminator=self.line_end,
            quoting=csv.QUOTE_ALL if self.quoted else csv.QUOTE_MINIMAL,
        )
        writer.writerows(self.rows)
        return text.getvalue().encode(self.encoding)


def read_sheet(path: Path) -> Sheet:
    """Read a downloaded table.

    Raises:
        UsageError: it cannot be read or is no table.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(
            f"The template {path} cannot be read: {error.strerror}.", "Name the CSV file."
        ) from error
    if not content.strip() or len(content) > LARGEST or content[:2] == b"PK":
        raise UsageError(
            f"The template {path} is no CSV file.", "Download it as CSV, not as a workbook."
        )
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), "utf-8")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        encoding = "cp1252"
        text = content.decode(encoding, errors="strict") if _is_cp1252(content) else ""
    if not text or "\x00" in text:
        raise UsageError(f"The encoding of {path} is not known.", "Save it as UTF-8.")
    first = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=lambda one: len(next(csv.reader([first], delimiter=one))))
    rows = [row for row in _parsed(path, text, delimiter) if row]
    quoted = all(one.startswith('"') for one in first.split(delimiter))
    line_end = "\r\n" if "\r\n" in text else "\n"
    return Sheet(path, rows, encoding, delimiter, line_end, quoted)


def _is_cp1252(content: bytes) -> bool:
    return not set(content) & {0x81, 0x8D, 0x8F, 0x90, 0x9D}


def _parsed(path: Path, text: str, delimiter: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise UsageError(
            f"The template {path} is no CSV file: {error}.", "Download it again."
        ) from error


def folded(text: str) -> str:
    """Give a name as it is compared: case and spaces do not count, nor does a comma's order."""
    last, comma, first = text.partition(",")
    return " ".join(f"{first} {last}".split() if comma else text.split()).casefold()


class Matcher:
    """Find the student whom a line of a template is about.

    What names one student only is tried in this order: the number that the platform put into the
    submission's name, then id, login and e-mail address, last the name.
    """

    def __init__(self, rows: Iterable[Row]) -> None:
        rows = list(rows)
        self._numbers = _unique(
            (number, row)
            for row in rows
            for number in {row.lms_id, row.student.columns.get("ID", "")}
        )
        self._keys = _unique(
            (folded(key), row)
            for row in rows
            for key in {row.student.id, row.student.login, row.student.email}
        )
        self._names = _unique((folded(row.student.name), row) for row in rows)

    def find(self, number: str, cells: Iterable[str]) -> Row | None:
        """Find by the platform's number, else by any cell that names a student."""
        cells = [folded(one) for one in cells if one.strip()]
        if number and number in self._numbers:
            return self._numbers[number]
        for known in (self._keys, self._names):
            found = {id(known[one]): known[one] for one in cells if one in known}
            if len(found) == 1:
                return next(iter(found.values()))
        return None


def _unique(pairs: Iterable[tuple[str, Row]]) -> dict[str, Row]:
    """Keep the keys that name one row only."""
    found: dict[str, Row] = {}
    twice = set()
    for key, row in pairs:
        if key in found and found[key] is not row:
            twice.add(key)
        found[key] = row
    return {key: row for key, row in found.items() if key and key not in twice}


def number_in(text: str) -> str:
    """Give the number at the end of a cell such as "Participant 17"; empty without one."""
    found = re.search(r"(\d+)\s*$", text)
    return found[1] if found else ""


def fill(
    job: Job, sheet: Sheet, column: int, who: int, lines: Iterable[tuple[list[str], str]]
) -> None:
    """Fill the grades into the lines, each given with the platform's number of its student.

    The first `who` cells of a line may name the student. Whoever is found on one side only, or
    twice, is named to the person who exports.
    """
    matcher = Matcher(job.book.rows)
    done: set[str] = set()
    for cells, number in lines:
        row = matcher.find(number, cells[:who])
        if row is None:
            name = line(" ".join(one for one in cells[: min(who, 3)] if one.strip()))
            job.say(f"{name}: in the template only; the line is left as it is.")
        elif row.student.id in done:
            job.say(f"{line(row.student.name)}: a second line is left as it is.")
        else:
            done.add(row.student.id)
            sheet.put(cells, column, job.grade_text(row))
    for row in job.book.rows:
        if row.student.id not in done:
            job.say(f"{line(row.student.name)} ({line(row.student.id)}): not in the template.")
