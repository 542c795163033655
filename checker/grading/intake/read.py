"""Read a class: every student, at most one submission each, every oddity."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from checker.catalog import Catalog
from checker.errors import UsageError
from checker.grading.intake.archives import stem
from checker.grading.intake.contents import read_contents
from checker.grading.intake.disk import Kind
from checker.grading.intake.git import find_repository
from checker.grading.intake.labs import Labs
from checker.grading.intake.layouts import Claim, Found, Parcel, Part, find_parcels, is_download
from checker.grading.intake.names import is_hidden_folder, is_noise
from checker.grading.intake.oddity import Refused
from checker.grading.intake.printing import shown
from checker.grading.intake.register import Register
from checker.grading.intake.roster import Roster
from checker.grading.intake.shelf import DiskShelf, Shelf, ZipShelf
from checker.grading.intake.trees import Pool
from checker.grading.model import Finding, FindingKind, Intake


def read_submissions(
    folder: Path, catalog: Catalog, roster: Roster | None = None, skip: Collection[Path] = ()
) -> Intake:
    """Read all that a class handed in, into memory; nothing is unpacked, run or imported.

    Each entry of the folder is a student's: a folder, an archive, a git repository, or what
    Canvas, Moodle and Gradescope name by their rules. Where files are checked out beside `.git`
    these are read; else those of HEAD. The commit's time is the time of submission then.

    Of several submissions of a student the latest by time wins; one without a time is the
    earliest; of equals the last by name, where "hw10" comes after "hw9". All are in the findings.

    Args:
        folder: the folder, or a zip that was downloaded.
        catalog: the curriculum; its written topics are known by number, name or files.
        roster: the class; without it everybody who handed in is listed.
        skip: entries of the folder that are no submissions, such as the folder of results.

    Raises:
        UsageError: there is no such folder, it cannot be read, or nothing was handed in.
    """
    labs = Labs(catalog)
    with _shelf(folder) as shelf:
        found = _find(shelf, folder, labs)
        skipped = {path.absolute() for path in skip}
        parcels = [
            parcel for parcel in found.parcels if folder.absolute() / parcel.source not in skipped
        ]
        if not parcels:
            raise UsageError(
                f"{shown(str(folder))} has no submission.",
                "Name a folder with a folder or an archive for each student.",
            )
        register = Register(parcels, roster)
        pool: Pool = {}
        for parcel in parcels:
            register.hand_in(parcel, read_contents(shelf, parcel, labs, pool))
    return register.intake(found.findings)


@contextmanager
def _shelf(folder: Path) -> Iterator[Shelf]:
    if folder.is_dir():
        try:
            next(folder.iterdir(), None)
        except OSError as error:
            raise UsageError(
                f"{shown(str(folder))} cannot be read: {error.strerror}.",
                "Check its permissions.",
            ) from error
        yield DiskShelf(folder)
        return
    if not folder.is_file():
        raise UsageError(
            f"There is no folder {shown(str(folder))}.", "Name the folder of submissions."
        )
    try:
        shelf = ZipShelf(folder)
    except Refused as refused:
        raise UsageError(
            refused.oddity.message, "Name a folder of submissions, or a zip of one."
        ) from refused
    try:
        yield shelf
    finally:
        shelf.close()


def _find(shelf: Shelf, folder: Path, labs: Labs) -> Found:
    """Find the parcels: one when the place is itself a student's work, else one an entry."""
    names = [n for n in shelf.names("") if not is_noise(n) and not is_hidden_folder(n)]
    if _is_work(shelf, "", names, labs):
        name = stem(folder.absolute().name)
        return Found([Parcel(".", (Claim("", name),), (Part(""),))])
    if len(names) == 1 and shelf.kind(names[0]) is Kind.FOLDER:
        inner = names[0]
        is_wrapper = isinstance(shelf, ZipShelf) and inner == stem(folder.name)
        if is_download(shelf, inner) or (
            is_wrapper and not _is_work(shelf, inner, shelf.names(inner), labs)
        ):
            return find_parcels(shelf, inner)
    found = find_parcels(shelf)
    if isinstance(shelf, ZipShelf):
        found.findings += [
            Finding(
                FindingKind.ESCAPE, f"{shown(name)} leads out of the download and was left out."
            )
            for name in shelf.escapes
        ]
    return found


def _is_work(shelf: Shelf, base: str, names: list[str], labs: Labs) -> bool:
    """Tell whether a folder holds sections, topics or a lab, and not students."""
    place = shelf.on_disk(base)
    repository = find_repository(place) if place else None
    if repository and (repository == place or not names):
        return True
    sections = {topic.section_slug for topic in labs.written}
    return any(name in sections or name == "app.py" or labs.is_name(name) for name in names)
