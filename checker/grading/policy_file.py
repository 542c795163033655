"""Read a policy from TOML; whatever is wrong is named with its line."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path

from checker.errors import UsageError
from checker.grading.policy import PLACES, Late, Policy
from checker.grading.store import Store

SETTING = "policy"
"""Under this name a store keeps the text of the policy."""

KEYS = {
    "weights": None,
    "late": ("deadline", "per_day", "grace", "max"),
    "scale": ("to", "places"),
}
PLACE = re.compile(r"\d+\.\d+(\.\d+)?")
MOST_PLACES = 6
LARGEST = 1_000_000


def read_policy(path: Path) -> tuple[Policy, str]:
    """Read a policy from a file; give it and the text, which can be kept.

    Raises:
        UsageError: it cannot be read or says something that is not understood.
    """
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise UsageError(
            f"The policy {path} cannot be read: {error.strerror}.", "Name a TOML file."
        ) from error
    except UnicodeDecodeError as error:
        raise UsageError(f"The policy {path} is not UTF-8.", "Save it as UTF-8.") from error
    return parse_policy(text, str(path)), text


def parse_policy(text: str, name: str = "the policy") -> Policy:
    """Read a policy from text.

    Raises:
        UsageError: it says something that is not understood; the message names line and key.
    """
    try:
        tables = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{name} is not TOML: {error}.", "Correct that line.") from error
    except InvalidOperation as error:
        raise UsageError(f"{name} holds a number that is none.", "Correct it.") from error
    reader = _Reader(text, name)
    for table, keys in tables.items():
        reader.expect(table, keys)
    late = tables.get("late", {})
    scale = tables.get("scale", {})
    return Policy(
        weights={
            place: reader.number("weights", place, weight)
            for place, weight in tables.get("weights", {}).items()
        },
        late=reader.late(late) if "late" in tables else None,
        scale=reader.scale(scale),
        places=reader.places(scale.get("places", PLACES)),
    )


def policy_of(store: Store, path: Path | None) -> Policy:
    """Give the policy that a person names, else the one that the grading has kept, else none.

    Raises:
        UsageError: it says something that is not understood.
    """
    if path is not None:
        return read_policy(path)[0]
    return parse_policy(store.setting(SETTING) or "", "the policy of the results")


@dataclass(frozen=True)
class _Reader:
    """Take values out of the tables; every complaint names the line."""

    text: str
    name: str

    def expect(self, table: str, keys: object) -> None:
        """Refuse tables and keys that have no meaning."""
        if table not in KEYS:
            raise self.error(table, "", "is unknown", f"Known tables: {', '.join(KEYS)}.")
        if not isinstance(keys, dict):
            raise self.error(table, "", "must be a table", f"Write [{table}] on a line of its own.")
        known = KEYS[table]
        for key in keys:
            if known is None and not PLACE.fullmatch(key):
                raise self.error(
                    table, key, "is no section or topic", 'Write "5.1" or "5.1.2", in quotes.'
                )
            if known is not None and key not in known:
                raise self.error(table, key, "is unknown", f"Known keys: {', '.join(known)}.")

    def late(self, values: Mapping[str, object]) -> Late:
        """Read the deadline and its price."""
        deadline = values.get("deadline")
        if not isinstance(deadline, datetime) or deadline.tzinfo is None:
            raise self.error(
                "late",
                "deadline",
                "must be a date, a time and a time zone",
                "Write it as 2026-12-01T23:59:00+01:00, without quotes.",
            )
        return Late(
            deadline=deadline,
            per_day=self.number("late", "per_day", values.get("per_day", 0), 100),
            grace=timedelta(
                seconds=float(self.number("late", "grace", values.get("grace", 0)) * 60)
            ),
            most=self.number("late", "max", values.get("max", 100), 100),
        )

    def scale(self, values: Mapping[str, object]) -> Fraction | None:
        """Read what full points are called."""
        if "to" not in values:
            return None
        number = self.number("scale", "to", values["to"])
        if not number:
            raise self.error("scale", "to", "must be more than 0", "Write a number such as 100.")
        return number

    def places(self, value: object) -> int:
        """Read the number of decimals."""
        number = self.number("scale", "places", value, MOST_PLACES)
        if number.denominator != 1:
            raise self.error("scale", "places", "must be a whole number", "Write 0, 1 or 2.")
        return int(number)

    def number(self, table: str, key: str, value: object, most: int = LARGEST) -> Fraction:
        """Read a number from 0 to `most`."""
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            exact = Decimal(value)
            exponent = exact.as_tuple().exponent
            if isinstance(exponent, int) and exponent >= -MOST_PLACES and 0 <= exact <= most:
                return Fraction(exact)
        raise self.error(
            table,
            key,
            f"must be a number from 0 to {most} with at most {MOST_PLACES} decimals",
            "Write it without quotes, for example 12.5.",
        )

    def error(self, table: str, key: str, what: str, remedy: str) -> UsageError:
        """Make the error that names line, table and key."""
        subject = f"{key!r} in [{table}]" if key else f"[{table}]"
        return UsageError(f"{self._place(table, key)}: {subject} {what}.", remedy)

    def _place(self, table: str, key: str) -> str:
        inside = False
        first = 0
        for number, line in enumerate(self.text.splitlines(), 1):
            head = re.match(r"\s*\[+\s*([^\]]*?)\s*\]", line)
            if head:
                inside = head[1].strip("\"'") == table
                first = number if inside and not first else first
            name = line.partition("=")[0].strip().strip("\"'")
            if (inside and key and name == key) or (not key and name == table and "=" in line):
                return f"{self.name}, line {number}"
        return f"{self.name}, line {first}" if first else self.name
