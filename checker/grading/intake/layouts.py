"""Recognise whose work lies where: a folder or archive a student, Canvas, Moodle, Gradescope."""

import re
from dataclasses import dataclass, field, replace
from datetime import datetime

from checker.grading.intake.archives import is_archive_name, stem
from checker.grading.intake.disk import Kind
from checker.grading.intake.gradescope import METADATA, Entry, read_metadata
from checker.grading.intake.names import is_hidden_folder, is_noise
from checker.grading.intake.oddity import Refused
from checker.grading.intake.printing import shown
from checker.grading.intake.shelf import Shelf
from checker.grading.model import Finding, FindingKind

_CANVAS = re.compile(
    r"(?P<name>.+?)_(?P<late>LATE_)?(?P<id>\d+)_(?:\d+_(?P<file>.+)|(?:text|link)\.html)"
)
_MOODLE = re.compile(
    r"(?P<name>.+?)_(?P<id>\d+)_assignsubmission_(?:file|onlinetext|comments)_?(?P<file>.*)"
)
_GRADESCOPE = re.compile(r"submission_(\d+)")


@dataclass(frozen=True, slots=True)
class Claim:
    """Whose work it is, as the download says it.

    Args:
        scheme: which numbers count: "canvas", "moodle", "gradescope", or "" for a plain name.
        id: names the student within the scheme.
        name: the student's, as far as it is known.
        email: the student's, or empty.
        lms_id: the number of the learning platform, or empty.
    """

    scheme: str
    id: str
    name: str = ""
    email: str = ""
    lms_id: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A file or folder of a parcel; `name` is what the student called it, empty for a folder."""

    path: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Parcel:
    """What was handed in at one time, by one student or a group."""

    source: str
    claims: tuple[Claim, ...]
    parts: tuple[Part, ...]
    submitted_at: datetime | None = None
    late: bool | None = None


@dataclass
class Found:
    """All parcels of a place, and what belongs to nobody."""

    parcels: list[Parcel] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def find_parcels(shelf: Shelf, base: str = "") -> Found:
    """Sort what lies in a folder of submissions by student."""
    found = Found()
    metadata = _metadata(shelf, base, found)
    grouped: dict[Claim, Parcel] = {}
    for name in shelf.names(base):
        if is_noise(name) or is_hidden_folder(name) or name == METADATA:
            continue
        path = f"{base}/{name}" if base else name
        if metadata and (number := _GRADESCOPE.fullmatch(name)):
            found.parcels.append(_of_gradescope(path, name, metadata.get(number[0])))
        elif parcel := _of_platform(shelf, path, name):
            earlier = grouped.get(parcel.claims[0])
            grouped[parcel.claims[0]] = _joined(earlier, parcel) if earlier else parcel
        elif shelf.kind(path) is Kind.FILE and not is_archive_name(name):
            message = f"{shown(name)} lies beside the submissions and belongs to nobody."
            found.findings.append(Finding(FindingKind.LEFT_OUT, message))
        else:
            found.parcels.append(_of_plain(shelf, path, name))
    found.parcels += grouped.values()
    found.parcels.sort(key=lambda parcel: natural(parcel.source))
    return found


def is_download(shelf: Shelf, base: str) -> bool:
    """Tell whether a folder holds what Canvas, Moodle or Gradescope has named."""
    names = shelf.names(base)
    return METADATA in names or any(_MOODLE.fullmatch(n) or _CANVAS.fullmatch(n) for n in names)


def natural(text: str) -> list[tuple[int, int, str]]:
    """Give a key that sorts "hw9" before "hw10"."""
    parts = re.findall(r"[0-9]+|[^0-9]+", text.casefold())
    key = [(0, int(part[:18]), "") if part[0] in "0123456789" else (1, 0, part) for part in parts]
    return [*key, (-1, 0, text)]


def _metadata(shelf: Shelf, base: str, found: Found) -> dict[str, Entry]:
    if METADATA not in shelf.names(base):
        return {}
    try:
        return read_metadata(lambda limit: shelf.read(f"{base}/{METADATA}".lstrip("/"), limit))
    except Refused as refused:
        found.findings.append(Finding(refused.oddity.kind, refused.oddity.message))
        return {}


def _of_platform(shelf: Shelf, path: str, name: str) -> Parcel | None:
    """Read a platform's name: the one that begins first, as students choose how it ends."""
    found = [match for one in (_MOODLE, _CANVAS) if (match := one.fullmatch(name))]
    if not found:
        return None
    match = min(found, key=lambda match: match.start("id"))
    scheme = "moodle" if match.re is _MOODLE else "canvas"
    claim = Claim(scheme, match["id"], match["name"].strip(), lms_id=match["id"])
    is_folder = shelf.kind(path) is Kind.FOLDER
    part = Part(path, "" if is_folder else match["file"] or name)
    return Parcel(path, (claim,), (part,), late=_late(match))


def _late(match: re.Match[str]) -> bool | None:
    """Tell what Canvas says; Moodle says nothing."""
    return None if match.re is _MOODLE else match["late"] is not None


def _joined(first: Parcel, second: Parcel) -> Parcel:
    late = None if first.late is None else bool(first.late or second.late)
    return replace(first, parts=first.parts + second.parts, late=late)


def _of_gradescope(path: str, name: str, entry: Entry | None) -> Parcel:
    if entry is None or not entry.submitters:
        return Parcel(path, (Claim("gradescope", name),), (Part(path),))
    claims = tuple(
        Claim("gradescope", one.sid or one.email or one.name or name, one.name, one.email)
        for one in entry.submitters
    )
    return Parcel(path, claims, (Part(path),), entry.created_at)


def _of_plain(shelf: Shelf, path: str, name: str) -> Parcel:
    is_folder = shelf.kind(path) is Kind.FOLDER
    bare = name.removesuffix(".git") if is_folder else stem(name)
    return Parcel(path, (Claim("", bare or name),), (Part(path, "" if is_folder else name),))
