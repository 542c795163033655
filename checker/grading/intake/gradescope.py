"""Read Gradescope's list of who handed in which folder."""

from dataclasses import dataclass
from datetime import UTC, datetime

import yaml

from checker.grading.intake.listing import Read
from checker.grading.intake.oddity import refuse
from checker.grading.model import FindingKind

METADATA = "submission_metadata.yml"
_LARGEST = 20_000_000


@dataclass(frozen=True, slots=True)
class Submitter:
    """One student of a submission."""

    name: str
    email: str
    sid: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One submission: a group has more than one submitter."""

    submitters: tuple[Submitter, ...]
    created_at: datetime | None


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # chosen when it runs
    """Takes a tag of Ruby's for nothing."""


_Loader.add_constructor(None, lambda _loader, _node: None)


def read_metadata(read: Read) -> dict[str, Entry]:
    """Give the entries by the name of their folder, `submission_123`.

    Raises:
        Refused: it is malformed; the folders are taken without names then.
    """
    content = read(_LARGEST)
    try:
        if len(content) > _LARGEST:
            raise ValueError("it is too large")
        data = yaml.load(content, _Loader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        reason = str(error).splitlines()[0]
        message = f"{METADATA} cannot be read, so that no submission has a name: {reason}."
        raise refuse(FindingKind.UNREADABLE, message) from error
    entries = data if isinstance(data, dict) else {}
    return {str(name): _entry(one) for name, one in entries.items() if isinstance(one, dict)}


def _entry(data: dict[object, object]) -> Entry:
    found = _get(data, "submitters")
    submitters = tuple(
        Submitter(_text(one, "name"), _text(one, "email"), _text(one, "sid"))
        for one in (found if isinstance(found, list) else [])
        if isinstance(one, dict)
    )
    return Entry(submitters, _time(_get(data, "created_at")))


def _get(data: dict[object, object], key: str) -> object:
    return data.get(f":{key}", data.get(key))


def _text(data: dict[object, object], key: str) -> str:
    value = _get(data, key)
    return str(value).strip() if isinstance(value, str | int | float) else ""


def _time(value: object) -> datetime | None:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if not isinstance(value, datetime):
        return None
    return value if value.tzinfo else value.replace(tzinfo=UTC)
