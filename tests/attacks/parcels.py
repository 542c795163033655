"""Hostile and careless ways to hand something in, each with what must become of it."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from checker.files import Tree, write_tree
from checker.grading.model import FindingKind, State
from checker.kinds import Verdict
from tests.grading.intake.downloads import tar_of, zip_of

LAB = "s01_fundamentals/t02_path_operations"
Outcome = Verdict | State


@dataclass(frozen=True, slots=True)
class Parcel:
    """One student's parcel.

    Args:
        name: the student.
        numbers: of the kinds of attack that it belongs to; 0 is one of ours.
        does: what it does, in a sentence.
        hand_in: puts it into a folder of submissions, given a name and a right answer.
        outcome: of topic 5.1.2.
        finding: what the report must say beside it.
        student: the row that it must come to, where the name says otherwise.
    """

    name: str
    numbers: tuple[int, ...]
    does: str
    hand_in: Callable[[Path, str, Tree], None]
    outcome: Outcome
    finding: FindingKind | None = None
    student: str | None = None


def _folder(*, files: Tree) -> Callable[[Path, str, Tree], None]:
    """Hand in a folder: the right answer and more."""
    return lambda place, name, tree: write_tree({**tree, **files}, place / name / LAB)


def _app(change: Callable[[bytes], bytes]) -> Callable[[Path, str, Tree], None]:
    """Hand in the right answer, with another app.py."""
    return lambda place, name, tree: write_tree(
        {**tree, "app.py": change(tree["app.py"])}, place / name / LAB
    )


def _zip(*, more: dict[str, bytes]) -> Callable[[Path, str, Tree], None]:
    """Hand in a zip: the right answer and more members."""
    return lambda place, name, tree: _write(
        place / f"{name}.zip", zip_of({**_members(tree), **more})
    )


def _link(target: str) -> Callable[[Path, str, Tree], None]:
    def hand_in(place: Path, name: str, tree: Tree) -> None:
        write_tree(tree, place / name / LAB)
        (place / name / LAB / "extra.py").symlink_to(target)

    return hand_in


def _pipe(place: Path, name: str, tree: Tree) -> None:
    write_tree(tree, place / name / LAB)
    os.mkfifo(place / name / LAB / "pipe.py")


def _twice(place: Path, name: str, tree: Tree) -> None:
    broken = {**_members(tree), f"{LAB}/app.py": b"app = None\n"}
    _write(place / f"{name}.zip", zip_of(broken))
    write_tree(tree, place / name / LAB)


def _members(tree: Tree) -> dict[str, bytes]:
    return {f"{LAB}/{path}": content for path, content in tree.items()}


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)


PARCELS = (
    Parcel(
        "links_to_passwd",
        (10,),
        "hands in a link to /etc/passwd",
        _link("/etc/passwd"),
        State.REFUSED,
        FindingKind.LINK,
    ),
    Parcel(
        "links_to_a_neighbour",
        (10,),
        "hands in a link to another student's answer",
        _link(f"../../../honest_0/{LAB}/app.py"),
        State.REFUSED,
        FindingKind.LINK,
    ),
    Parcel(
        "slips",
        (20,),
        "hands in a zip with a member that leads out of it",
        _zip(more={f"{LAB}/../../../../slipped.py": b"SLIPPED = True\n"}),
        State.REFUSED,
        FindingKind.ESCAPE,
    ),
    Parcel(
        "slips_by_tar",
        (20,),
        "hands in a tar with an absolute name",
        lambda place, name, tree: _write(
            place / f"{name}.tar.gz", tar_of({**_members(tree), "/tmp/slipped.py": b"S = 1\n"})
        ),
        State.REFUSED,
        FindingKind.ESCAPE,
    ),
    Parcel(
        "bomb",
        (20,),
        "hands in a zip that becomes a thousand times as large",
        _zip(more={f"{LAB}/zeros.py": bytes(60_000_000)}),
        State.REFUSED,
        FindingKind.BOMB,
    ),
    Parcel(
        "nests",
        (20,),
        "hands in a zip in a zip",
        lambda place, name, tree: _write(
            place / f"{name}.zip", zip_of({"work.zip": zip_of(_members(tree))})
        ),
        State.REFUSED,
        FindingKind.NESTED_ARCHIVE,
    ),
    Parcel(
        "collides",
        (20,),
        "hands in two files whose names differ by case only",
        _zip(more={f"{LAB}/App.py": b"app = None\n"}),
        State.REFUSED,
        FindingKind.NAME_COLLISION,
    ),
    Parcel(
        "macosx",
        (20,),
        "hands in what macOS adds to a zip",
        _zip(more={f"__MACOSX/{LAB}/._app.py": b"\0\5\26\7", f"{LAB}/.DS_Store": b"\0\0\0\1Bud1"}),
        Verdict.PASSED,
    ),
    Parcel(
        "truncated",
        (20,),
        "hands in the first half of a zip",
        lambda place, name, tree: _write(
            place / f"{name}.zip", zip_of(_members(tree))[: len(zip_of(_members(tree))) // 2]
        ),
        State.REFUSED,
        FindingKind.UNREADABLE,
    ),
    Parcel(
        "pipes",
        (20,),
        "hands in a pipe that nobody writes to",
        _pipe,
        State.REFUSED,
        FindingKind.SPECIAL_FILE,
    ),
    Parcel(
        "requires",
        (21,),
        "hands in a requirements.txt, which is never installed",
        _folder(files={"requirements.txt": b"pytest-always-passes==1.0\n"}),
        Verdict.PASSED,
        FindingKind.REQUIREMENTS,
    ),
    Parcel(
        "brings_settings",
        (3,),
        "hands in a conftest.py and a sitecustomize.py beside the right answer",
        _folder(files={"conftest.py": b"1 / 0\n", "sitecustomize.py": b"1 / 0\n"}),
        Verdict.PASSED,
        FindingKind.TEST_SETTINGS,
    ),
    Parcel(
        "brings_results",
        (5,),
        "hands in a file of results",
        _folder(files={"results.json": b'{"score": 100}\n'}),
        Verdict.PASSED,
        FindingKind.RESULT_FILE,
    ),
    Parcel(
        '=HYPERLINK("http:,evil.example","a")',
        (22,),
        "is named by a formula",
        _folder(files={}),
        Verdict.PASSED,
    ),
    Parcel(
        "comes_twice",
        (23,),
        "hands in twice; without times the last by name counts, and both are listed",
        _twice,
        Verdict.BROKEN,
        FindingKind.SUBMITTED_TWICE,
    ),
    Parcel(
        "renames_app",
        (18,),
        "names the app otherwise",
        _app(
            lambda code: code.replace(b"app = FastAPI", b"library = FastAPI").replace(
                b"@app.", b"@library."
            )
        ),
        Verdict.BROKEN,
    ),
    Parcel(
        "cannot_spell",
        (19,),
        "hands in a syntax error",
        _app(lambda code: code + b"\ndef (:\n"),
        Verdict.BROKEN,
    ),
    Parcel(
        "writes_utf_16",
        (19,),
        "hands in UTF-16",
        _app(lambda code: code.decode().encode("utf-16")),
        Verdict.BROKEN,
    ),
    Parcel(
        "marks_utf_8",
        (19,),
        "begins with a byte order mark, which Python allows",
        _app(lambda code: b"\xef\xbb\xbf" + code),
        Verdict.PASSED,
    ),
    Parcel(
        "has_a_nul",
        (19,),
        "has a NUL byte in the code",
        _app(lambda code: code + b"\n# \0\n"),
        Verdict.BROKEN,
    ),
    Parcel(
        "is_empty",
        (19,),
        "hands in an empty file",
        _app(lambda _: b""),
        Verdict.BROKEN,
    ),
    Parcel(
        "built_otherwise",
        (25,),
        "solves the task by another design",
        _app(lambda code: code.replace(b"async def ", b"def ")),
        Verdict.PASSED,
    ),
)
