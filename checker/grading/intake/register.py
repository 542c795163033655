"""Who is in the class, who handed in, and what counts of it."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from checker.grading.intake.contents import Contents
from checker.grading.intake.layouts import Claim, Parcel, natural
from checker.grading.intake.people import People, shared_prefix
from checker.grading.intake.printing import shown, without_controls
from checker.grading.intake.roster import Roster
from checker.grading.model import Finding, FindingKind, Intake, Standing, Student, Submission

_EARLIEST = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _HandedIn:
    parcel: Parcel
    contents: Contents
    lms_id: str

    @property
    def rank(self) -> tuple[datetime, object]:
        """Sort the one that counts last."""
        return self.contents.submitted_at or _EARLIEST, natural(self.parcel.source)


@dataclass
class _Row:
    student: Student
    handed_in: list[_HandedIn] = field(default_factory=list)
    reason: str = ""


class Register:
    """Gives each parcel to the students who claim it, and makes the class of them.

    Args:
        parcels: all that was handed in.
        roster: the class; None when everybody who handed in belongs to it.
    """

    def __init__(self, parcels: Iterable[Parcel], roster: Roster | None) -> None:
        plain = [one.id for parcel in parcels for one in parcel.claims if not one.scheme]
        self._roster = roster
        self._people = People(roster, shared_prefix(plain)) if roster else None
        self._listed = {one.id: _Row(one) for one in roster.students} if roster else {}
        self._others: dict[tuple[str, str], _Row] = {}
        self._ids = set(self._listed)

    def hand_in(self, parcel: Parcel, contents: Contents) -> None:
        """Take a parcel; a group's belongs to each of its members."""
        rows = {id(row): (row, one) for one in parcel.claims for row in [self._row(one)]}
        for row, claim in rows.values():
            row.handed_in.append(_HandedIn(parcel, contents, claim.lms_id))

    def _row(self, claim: Claim) -> _Row:
        reason = ""
        if self._people:
            match = self._people.find(claim)
            if match.student:
                return self._listed[match.student.id]
            reason = match.reason
        key = (claim.scheme, unicodedata.normalize("NFC", claim.id))
        if key not in self._others:
            self._others[key] = _Row(self._stranger(claim), reason=reason)
        return self._others[key]

    def _stranger(self, claim: Claim) -> Student:
        """Make a student whose id nobody else has."""
        wanted = without_controls(claim.id).strip() or "unnamed"
        id, count = wanted, 2
        while id in self._ids:
            id, count = f"{wanted} ({count})", count + 1
        self._ids.add(id)
        standing = Standing.UNKNOWN if self._roster else Standing.LISTED
        name = without_controls(claim.name).strip() or id
        return Student(id, name, email=without_controls(claim.email), standing=standing)

    def intake(self, findings: Iterable[Finding]) -> Intake:
        """Give the class: the roster in its order, then all others in the order of their ids."""
        others = sorted(self._others.values(), key=lambda row: natural(row.student.id))
        rows = [*self._listed.values(), *others]
        found = list(findings)
        submissions = []
        for row in rows:
            found += _about(row)
            if row.handed_in:
                submissions.append(_submission(row))
        return Intake(tuple(row.student for row in rows), tuple(submissions), tuple(found))


def _winner(row: _Row) -> _HandedIn:
    return max(row.handed_in, key=lambda one: one.rank)


def _submission(row: _Row) -> Submission:
    best = _winner(row)
    return Submission(
        student=row.student.id,
        source=shown(best.parcel.source),
        topics=best.contents.topics,
        submitted_at=best.contents.submitted_at,
        late=best.parcel.late,
        lms_id=best.lms_id,
    )


def _about(row: _Row) -> list[Finding]:
    """List the findings of a row, with its student."""
    student = row.student
    if not row.handed_in:
        message = f"{shown(student.name)} handed in nothing."
        return [Finding(FindingKind.MISSING, message, student.id)]
    best = _winner(row)
    found = []
    if row.reason:
        message = f"{shown(student.name)} {row.reason}; the row stands at the end."
        found.append(Finding(FindingKind.UNKNOWN_STUDENT, message, student.id))
    if len(row.handed_in) > 1:
        found.append(Finding(FindingKind.SUBMITTED_TWICE, _twice(row, best), student.id))
    if best.parcel.late:
        found.append(Finding(FindingKind.LATE, "Canvas marks the submission as late.", student.id))
    return found + [replace(one, student=student.id) for one in best.contents.findings]


def _twice(row: _Row, best: _HandedIn) -> str:
    def describe(one: _HandedIn) -> str:
        time = one.contents.submitted_at
        when = f" ({time.isoformat(' ', 'minutes')})" if time else ""
        return f"{shown(one.parcel.source)}{when}"

    ordered = sorted(row.handed_in, key=lambda one: one.rank)
    names = ", ".join(describe(one) for one in ordered)
    reason = "the latest counts" if best.contents.submitted_at else "the last by name counts"
    return f"{len(ordered)} submissions: {names}; {reason}, {shown(best.parcel.source)}."
