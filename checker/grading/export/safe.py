"""Text that nobody trusts, made harmless for terminals, spreadsheets, pages and file systems."""

import re
import unicodedata
from typing import Any

from checker.harmless import clean, line
from checker.report import TopicReport

_FORMULA = re.compile(
    # At the start of a cell, or where another locale would begin one.
    r"(^|[,;|])(?=[\s\"'`\u00ad\u200b-\u200d\u2060\u3000]*[=+\-@＝＋－＠﹢﹣﹦﹫−])"  # noqa: RUF001 - they are meant
)
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
LONGEST_NAME = 60


def cell(text: str) -> str:
    """Give text as a cell of a spreadsheet that no program takes for a formula.

    An apostrophe is put before what begins like one, also behind separators and in full-width
    forms; plain numbers stay.
    """
    text = line(text)
    return text if _NUMBER.fullmatch(text) else _FORMULA.sub(r"\1'", text)


def clean_report(report: TopicReport) -> TopicReport:
    """Give a report of which every text is `clean`."""
    return TopicReport.model_validate(_clean(report.model_dump()))


def _clean(value: Any) -> Any:  # noqa: ANN401 - any piece of a report
    if type(value) is str:
        return clean(value)
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
