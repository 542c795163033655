"""Match what a download says about a student with the roster."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from checker.grading.intake.layouts import Claim
from checker.grading.intake.roster import Roster
from checker.grading.model import Student


@dataclass(frozen=True, slots=True)
class Match:
    """The student of the roster; without one, `reason` says why nobody is certain."""

    student: Student | None = None
    reason: str = "is not on the roster"


class People:
    """Finds students of a roster by number, login, e-mail and, last, by name.

    Args:
        roster: the class.
        prefix: what all plain names begin with, as in "homework-1-ada".
    """

    def __init__(self, roster: Roster, prefix: str = "") -> None:
        self._prefix = prefix
        self._ids = defaultdict[str, set[str]](set)
        self._emails = defaultdict[str, set[str]](set)
        self._names = defaultdict[str, set[str]](set)
        self._numbers = defaultdict[str, set[str]](set)
        self._students = {student.id: student for student in roster.students}
        for student in roster.students:
            for id in (student.id, student.login, *roster.other_ids.get(student.id, ())):
                self._ids[_key(id)].add(student.id)
            self._emails[_key(student.email)].add(student.id)
            self._numbers[roster.lms_ids.get(student.id, "")].add(student.id)
            for name in name_keys(student.name):
                self._names[name].add(student.id)
        for names in (self._ids, self._emails, self._numbers):
            names.pop("", None)

    def find(self, claim: Claim) -> Match:
        """Find who is meant."""
        for ids in self._certain(claim):
            if len(ids) == 1:
                return Match(self._students[next(iter(ids))])
        names = self._names.get(name_key(claim.name or claim.id), set())
        names = names or self._names.get(name_key(self._bare(claim)), set())
        if len(names) == 1:
            return Match(self._students[next(iter(names))])
        if names:
            who = ", ".join(sorted(names)[:4])
            return Match(reason=f"has a name that several students of the roster have ({who})")
        return Match()

    def _bare(self, claim: Claim) -> str:
        return claim.id.removeprefix(self._prefix) if self._prefix and not claim.scheme else ""

    def _certain(self, claim: Claim) -> Iterable[set[str]]:
        """Give who is meant by each thing that names one student only, the surest first."""
        none: set[str] = set()
        if claim.lms_id:
            yield self._numbers.get(claim.lms_id, none)
            return
        yield self._ids.get(_key(claim.id), none) if claim.id else none
        for email in (claim.email, claim.id if "@" in claim.id else ""):
            yield self._emails.get(_key(email), none) if email else none
        if bare := self._bare(claim):
            yield self._ids.get(_key(bare), none)


def _key(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip().casefold()


def _words(name: str) -> list[str]:
    text = unicodedata.normalize("NFKD", name.casefold())
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    return re.findall(r"[^\W_]+", text)


def name_key(name: str) -> str:
    """Give the letters of a name: "Lovelace, Ada" and Canvas's "lovelaceada" are equal."""
    return "".join(_words(name))


def name_keys(name: str) -> set[str]:
    """Give the letters of a name, begun with each of its words."""
    words = _words(name)
    return {"".join(words[place:] + words[:place]) for place in range(len(words))}


def shared_prefix(names: Iterable[str]) -> str:
    """Give what all names begin with, up to a hyphen; empty for fewer than two names."""
    names = list(names)
    if len(names) < 2:
        return ""
    first, last = min(names), max(names)
    end = next(
        (place for place, (one, two) in enumerate(zip(first, last, strict=False)) if one != two),
        min(len(first), len(last)),
    )
    return first[: first.rfind("-", 0, end) + 1]
