"""Read a class: every student, at most one submission each, every oddity."""

from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from checker.catalog import Catalog
from checker.errors import UsageError
from checker.grading.intake.archives import stem
from checker.grading.intake.contents import read_contents
from checker.grading.intake.disk import Kind, kind_of, scan
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
    """Open the folder, or the zip: also one that is a platform's download, alone in the folder."""
    if not folder.is_dir():
        with _zip_shelf(folder) as shelf:
            yield shelf
        return
    try:
        names = [name for name in scan(folder) if not is_noise(name)]
    except OSError as error:
        raise UsageError(
            f"{shown(str(folder))} cannot be read: {error.strerror}.", "Check its permissions."
        ) from error
    with ExitStack() as stack:
        if len(names) == 1 and names[0].lower().endswith(".zip"):
            with suppress(UsageError, OSError):
                download = stack.enter_context(_zip_shelf(folder / names[0], follow=False))
                if is_download(download, _inner(download)):
                    yield download
                    return
        yield DiskShelf(folder.resolve())


@contextmanager
def _zip_shelf(file: Path, *, follow: bool = True) -> Iterator[ZipShelf]:
    if not file.is_file() or (not follow and kind_of(file) is not Kind.FILE):
        raise UsageError(
            f"There is no folder {shown(str(file))}.", "Name the folder of submissions."
        )
    try:
        shelf = ZipShelf(file)
    except Refused as refused:
        raise UsageError(
            refused.oddity.message,
            "Name a folder of submissions, or a zip of one; unpack any other archive first.",
        ) from refused
    try:
        yield shelf
    finally:
        shelf.close()


def _inner(shelf: Shelf) -> str:
    """Give the only folder that everything lies in; empty when there is more."""
    names = _visible(shelf, "")
    return names[0] if len(names) == 1 and shelf.kind(names[0]) is Kind.FOLDER else ""


def _visible(shelf: Shelf, folder: str) -> list[str]:
    return [n for n in shelf.names(folder) if not is_noise(n) and not is_hidden_folder(n)]


def _find(shelf: Shelf, folder: Path, labs: Labs) -> Found:
    """Find the parcels: one when the place is itself a student's work, else one an entry."""
    name, inner = stem(folder.absolute().name), _inner(shelf)
    if _is_work(shelf, "", labs):
        return Found([Parcel(".", (Claim("", name),), (Part(""),))])
    is_wrapper = isinstance(shelf, ZipShelf) and inner == name and not _is_work(shelf, inner, labs)
    found = find_parcels(shelf, inner if is_wrapper or is_download(shelf, inner) else "")
    for escape in shelf.escapes if isinstance(shelf, ZipShelf) else ():
        message = f"{shown(escape)} leads out of the download and was left out."
        found.findings.append(Finding(FindingKind.ESCAPE, message))
    return found


def _is_work(shelf: Shelf, base: str, labs: Labs) -> bool:
    """Tell whether a folder holds sections, topics or a lab, and not students."""
    names = _visible(shelf, base)
    place = shelf.on_disk(base)
    repository = find_repository(place) if place else None
    if repository and (repository == place or not names):
        return True
    sections = {topic.section_slug for topic in labs.written}
    return any(name in sections or name == "app.py" or labs.is_name(name) for name in names)
