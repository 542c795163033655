"""Text that nobody trusts, made harmless for terminals, spreadsheets, pages and file systems."""

import re
import unicodedata
from typing import Any

from checker.report import TopicReport

_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters, less tab and newline
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # what turns the direction of writing
    "\u2028\u2029\ufeff\ufffe\uffff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
_BREAKS = re.compile(r"[\t\n]")
_FORMULA = re.compile(
    # At the start of a cell, or where another locale would begin one.
    r"(^|[,;|])(?=[\s\"'`\u00ad\u200b-\u200d\u2060\u3000]*[=+\-@＝＋－＠﹢﹣﹦﹫−])"  # noqa: RUF001 - they are meant
)
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
LONGEST_NAME = 60


def visible(text: str) -> str:
    """Show what would be acted on: escape sequences, direction marks, half characters.

    Tabs and newlines stay; each other control character becomes its Python escape.
    """
    return _UNSEEN.sub(_escape, text)


def line(text: str) -> str:
    """Give text as one line: as `visible`, tabs and newlines too."""
    return _BREAKS.sub(_escape, visible(text))


def _escape(found: re.Match[str]) -> str:
    return (
        found[0].encode("ascii", "backslashreplace").decode()
        if found[0] > "\x7f"
        else (
            {"\t": "\\t", "\n": "\\n", "\r": "\\r", "\x1b": "\\x1b"}.get(
                found[0], f"\\x{ord(found[0]):02x}"
            )
        )
    )


def cell(text: str) -> str:
    """Give text as a cell of a spreadsheet that no program takes for a formula.

    An apostrophe is put before what begins like one, also behind separators and in full-width
    forms; plain numbers stay.
    """
    text = line(text)
    return text if _NUMBER.fullmatch(text) else _FORMULA.sub(r"\1'", text)


def clean(report: TopicReport) -> TopicReport:
    """Give a report of which every text is `visible`."""
    return TopicReport.model_validate(_clean(report.model_dump()))


def _clean(value: Any) -> Any:  # noqa: ANN401 - any piece of a report
    if type(value) is str:
        return visible(value)
    if isinstance(value, dict):
        return {_clean(key): _clean(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return tuple(_clean(one) for one in value)
    return value


def file_names(ids: list[str]) -> dict[str, str]:
    """Name a file for each id: plain characters, unique also where case does not count."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for one in ids:
        stem = _stem(one)
        name, number = stem, 1
        while name.lower() in taken:
            number += 1
            name = f"{stem}-{number}"
        taken.add(name.lower())
        names[one] = name
    return names


def _stem(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    stem = re.sub(r"[^A-Za-z0-9._@-]+", "-", plain).strip("-._")[:LONGEST_NAME].rstrip("-.")
    return f"student-{stem}".rstrip("-") if not stem or _RESERVED.fullmatch(stem) else stem
