"""The unit of work: what one student handed in, on its way to a judge, and the results back.

Both travel as bytes: compressed JSON, with files in base64. Nothing here runs code that it read.
"""

import base64
import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

import checker
from checker.catalog import Catalog
from checker.catalog.paths import PACKAGE
from checker.errors import EnvironmentFaultError
from checker.files import Tree, read_tree, tree_digest
from checker.grading.model import Receipt
from checker.report import TopicReport

TRIES = 3


class WorkRefusedError(EnvironmentFaultError):
    """Report a worker that would judge by other rules than the order's."""


@dataclass(frozen=True, slots=True)
class TopicWork:
    """One topic to judge.

    Args:
        topic: the topic's id.
        tree: the files that were handed in.
        due: names the results: see `checker.grading.store.Answer`.
        suite: digest of suite and statements, for the receipt: see `Catalog.digest`.
        repeats: which repeats are wanted; 0 is the verdict that counts.
    """

    topic: str
    tree: Tree
    due: str
    suite: str
    repeats: tuple[int, ...] = (0,)


@dataclass(frozen=True, slots=True)
class Work:
    """What one student handed in, with all that a verdict on it hangs on.

    Args:
        student: the id of the student.
        topics: to judge, in this order, by one judge.
        seed: of the data, the same for each repeat: what differs then is the answer.
        limits: seconds and sizes, for the sandbox and the receipt.
        sandbox: bubblewrap or bare.
        curriculum: see `curriculum_digest`; a worker with another one refuses.
        checker: version of the workbook; a worker with another one refuses.
        tries: how often a topic is judged anew after an `error`, with the first time.
    """

    student: str
    topics: tuple[TopicWork, ...]
    seed: int
    sandbox: str
    curriculum: str
    limits: Mapping[str, float] = field(default_factory=dict)
    checker: str = checker.__version__
    tries: int = TRIES

    def to_bytes(self) -> bytes:
        """Give the order as it travels."""
        topics = [
            {**asdict(one), "tree": {path: _text(data) for path, data in one.tree.items()}}
            for one in self.topics
        ]
        return _pack({**asdict(self), "limits": dict(self.limits), "topics": topics})

    @classmethod
    def from_bytes(cls, data: bytes) -> "Work":
        """Read what `to_bytes` gave.

        Raises:
            WorkRefusedError: it is from another version, or a file would leave its folder.
        """
        raw = _unpack(data)
        if raw.get("checker") != checker.__version__:
            raise WorkRefusedError(
                f"The order is from version {raw.get('checker')} of the workbook, "
                f"this worker has {checker.__version__}.",
                "Install the same version on every worker and start the workers anew.",
            )
        topics = tuple(_topic(**one) for one in raw.pop("topics"))
        return cls(topics=topics, **raw)


@dataclass(frozen=True, slots=True)
class Result:
    """The verdict on one topic and repeat. `tries` counts the errors before it, and itself."""

    student: str
    topic: str
    due: str
    report: TopicReport
    receipt: Receipt
    tries: int

    def to_bytes(self) -> bytes:
        """Give the result as it travels."""
        return _pack(self._plain())

    @classmethod
    def from_bytes(cls, data: bytes) -> "Result":
        """Read what `to_bytes` gave."""
        return cls._read(_unpack(data))

    def _plain(self) -> dict[str, Any]:
        own = {name: getattr(self, name) for name in ("student", "topic", "due", "tries")}
        receipt = asdict(self.receipt)
        return {**own, "report": self.report.model_dump(mode="json"), "receipt": receipt}

    @classmethod
    def _read(cls, raw: dict[str, Any]) -> "Result":
        report = TopicReport.model_validate_json(json.dumps(raw.pop("report")))
        return cls(report=report, receipt=Receipt(**raw.pop("receipt")), **raw)


def pack_results(results: list[Result]) -> bytes:
    """Give results as they travel together."""
    return _pack([one._plain() for one in results])


def unpack_results(data: bytes) -> list[Result]:
    """Read what `pack_results` gave."""
    return [Result._read(one) for one in _unpack(data)]


def curriculum_digest(catalog: Catalog) -> str:
    """Name all that forms a verdict: lessons, labs, suites and the code of the checker itself.

    Two machines with the same digest judge alike; a clone with a changed line has another one.
    """
    files: Tree = {"outline.toml": catalog.layout.outline.read_bytes()}
    for topic in catalog.written:
        rooms = catalog.rooms(topic)
        for path in (rooms.lesson, rooms.suite, rooms.bugs):
            if path.is_file():
                files[f"{topic.id}/{path.name}"] = path.read_bytes()
        lab = read_tree(rooms.lab)
        files |= {f"{topic.id}/lab/{name}": data for name, data in lab.items()}
    for path in _code():
        files[path.relative_to(PACKAGE).as_posix()] = path.read_bytes()
    return tree_digest({name: data.replace(b"\r\n", b"\n") for name, data in files.items()})


def _code() -> list[Path]:
    """List the checker's own modules; content and suites belong to the curriculum."""
    apart = (PACKAGE / "content", PACKAGE / "suites")
    return [path for path in PACKAGE.rglob("*.py") if not any(map(path.is_relative_to, apart))]


def _topic(topic: str, tree: dict[str, str], due: str, suite: str, repeats: list[int]) -> TopicWork:
    for name in tree:
        if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
            raise WorkRefusedError(
                f"The file {name!r} of {topic} would leave its folder.",
                "Read the submissions anew with `checker grade`; it refuses such files.",
            )
    files = {path: base64.b64decode(data) for path, data in tree.items()}
    return TopicWork(topic, files, due, suite, tuple(repeats))


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _pack(value: object) -> bytes:
    return zlib.compress(json.dumps(value, separators=(",", ":")).encode(), level=1)


def _unpack(data: bytes) -> Any:  # noqa: ANN401 - what JSON gives
    return json.loads(zlib.decompress(data))
