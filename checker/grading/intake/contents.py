"""Read one parcel: its files by topic, and a finding for each thing that is odd."""

from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime

from checker.errors import CheckerError
from checker.files import Tree
from checker.grading.intake import git
from checker.grading.intake.archives import is_archive_name, looks_like_archive, open_archive
from checker.grading.intake.budget import Budget
from checker.grading.intake.disk import Kind, note_odd_kind
from checker.grading.intake.labs import Labs
from checker.grading.intake.layouts import Parcel, Part
from checker.grading.intake.limits import SENTENCES
from checker.grading.intake.listing import Listing
from checker.grading.intake.names import is_noise
from checker.grading.intake.oddity import Oddity, Refused, Scope
from checker.grading.intake.printing import shown
from checker.grading.intake.shelf import Shelf
from checker.grading.intake.strays import note_strays
from checker.grading.intake.topics import Sorted, names_topic, sort_files
from checker.grading.intake.trees import Pool, TopicReader
from checker.grading.model import Finding, FindingKind


@dataclass
class Contents:
    """What a parcel holds; the findings have no student yet."""

    topics: dict[str, Tree] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    submitted_at: datetime | None = None


def read_contents(shelf: Shelf, parcel: Parcel, labs: Labs, pool: Pool) -> Contents:
    """Read a parcel into memory. Nothing in it raises, so that no other parcel is disturbed.

    Args:
        shelf: where it lies.
        parcel: what was handed in.
        labs: the topics that can be judged.
        pool: contents seen so far, so that equal files of a class are kept once.
    """
    contents = Contents(submitted_at=parcel.submitted_at)
    listing = Listing()
    try:
        for part in parcel.parts:
            _list_part(shelf, part, listing, contents)
        _open_archives(listing, labs)
        listing.drop_environments()
        _read_topics(contents, listing, labs, pool)
    except Refused as refused:
        _refuse_all(contents, listing, refused.oddity)
    except CheckerError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever one submission does, the class goes on
        message = f"{shown(parcel.source)} cannot be read: {type(error).__name__}."
        _refuse_all(contents, listing, Oddity(FindingKind.UNREADABLE, message))
    if not contents.topics and not any(one.refused for one in contents.findings):
        message = f"{shown(parcel.source)} has no topic's folder, and no file of a lab."
        contents.findings.append(Finding(FindingKind.NOTHING_FOUND, message, refused=True))
    return contents


def _refuse_all(contents: Contents, listing: Listing, oddity: Oddity) -> None:
    contents.topics = {}
    noted = [Finding(one.kind, one.message) for one in listing.oddities]
    contents.findings = [*_few(noted), Finding(oddity.kind, oddity.message, refused=True)]


def _list_part(shelf: Shelf, part: Part, listing: Listing, contents: Contents) -> None:
    kind = shelf.kind(part.path)
    if kind is Kind.FOLDER:
        _list_folder(shelf, part.path, listing, contents)
    elif kind is Kind.FILE:
        name = part.name
        if "." not in name and looks_like_archive(shelf.read(part.path, 8)):
            name += ".zip"
        listing.add(name, lambda limit: shelf.read(part.path, limit))
    else:
        note_odd_kind(kind, part.name, listing, Scope.PLACE)


def _list_folder(shelf: Shelf, path: str, listing: Listing, contents: Contents) -> None:
    """List a folder as it is, unless it is a repository without files checked out."""
    folder, below = shelf.on_disk(path), ""
    names = [name for name in shelf.names(path) if not is_noise(name)]
    if folder and len(names) == 1 and not git.find_repository(folder):
        folder, below = folder / names[0], f"{names[0]}/"
    repository = git.find_repository(folder) if folder else None
    if folder is None or repository is None:
        shelf.list_into(path, listing)
        return
    with git.opened(repository) as opened:
        if git.has_work_tree(folder):
            shelf.list_into(path, listing)
            with suppress(Refused):
                _note_time(contents, opened, opened.prepare())
        else:
            commit = opened.prepare()
            _note_time(contents, opened, commit)
            opened.list_files(commit, listing, below)


def _note_time(contents: Contents, repository: git.Repository, commit: str) -> None:
    contents.submitted_at = contents.submitted_at or repository.committed_at(commit)


def _open_archives(listing: Listing, labs: Labs) -> None:
    """Open the archives that lie in no topic; those in an archive stay closed."""
    budget = Budget("The submission")
    for item in list(listing.items.values()):
        if is_archive_name(item.path) and not names_topic(item.path, labs):
            listing.drop(item.path)
            try:
                open_archive(item, listing, budget)
            except Refused as refused:
                if refused.oddity.kind is not FindingKind.UNREADABLE:
                    raise
                oddity = replace(refused.oddity, path=item.path, scope=Scope.PLACE)
                listing.oddities.append(oddity)
    for item in list(listing.items.values()):
        if item.packed and is_archive_name(item.path) and not names_topic(item.path, labs):
            listing.drop(item.path)
            message = f"{shown(item.path)} is an archive in an archive; it was not opened."
            listing.odd(FindingKind.NESTED_ARCHIVE, message, item.path, Scope.PLACE)


def _read_topics(contents: Contents, listing: Listing, labs: Labs, pool: Pool) -> None:
    """Sort the files by topic and read them; what is odd refuses the topic that it is in."""
    odd_paths = [one.path for one in listing.oddities if one.scope is not Scope.NOTE]
    found = sort_files(listing.items.values(), odd_paths, labs)
    findings = [_finding(one, found) for one in (*listing.oddities, *found.oddities)]
    bad = {one.topic for one in findings if one.refused}
    reader = TopicReader(labs, pool)
    for topic, files in sorted(found.topics.items()):
        if topic not in bad:
            tree, oddities = reader.read(topic, files, found.roots[topic])
            if tree:
                contents.topics[topic] = tree
            findings += [_finding(one, found, topic) for one in oddities]
    findings += [_finding(one, found) for one in note_strays(found)]
    contents.findings = _few(findings)


def _finding(oddity: Oddity, found: Sorted, topic: str | None = None) -> Finding:
    topic = topic or found.topic_at(oddity.path)
    reach = {Scope.NOTE: False, Scope.FILE: topic is not None, Scope.PLACE: True, Scope.ALL: True}
    return Finding(oddity.kind, oddity.message, topic=topic, refused=reach[oddity.scope])


def _few(findings: Sequence[Finding]) -> list[Finding]:
    """Keep the first findings of each kind and topic, and count the rest of them."""
    seen: Counter[tuple[FindingKind, str | None, bool]] = Counter()
    kept: list[Finding] = []
    for one in dict.fromkeys(findings):
        key = (one.kind, one.topic, one.refused)
        seen[key] += 1
        if seen[key] <= SENTENCES:
            kept.append(one)
    return kept + list(_more(seen))


def _more(seen: Counter[tuple[FindingKind, str | None, bool]]) -> Iterable[Finding]:
    for (kind, topic, refused), count in seen.items():
        if count > SENTENCES:
            message = f"... and {count - SENTENCES:,} more files of that kind."
            yield Finding(kind, message, topic=topic, refused=refused)
