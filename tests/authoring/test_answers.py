"""Wrong answers as data, and how right answers are told from the solution."""

from pathlib import Path

import pytest

from checker.authoring.answers import (
    WrongAnswer,
    apply_edits,
    is_same_design,
    read_wrong_answers,
    right_answers,
    unparsable_file,
)
from checker.edits import Edit
from checker.errors import CurriculumError

APP = '''\
"""An app."""

def add(first: int, second: int) -> int:
    """Add."""
    return first + second
'''


def wrong(*edits: Edit) -> WrongAnswer:
    """Make a wrong answer of some edits."""
    return WrongAnswer(name="slip", mistake="A slip.", task="add", says=("add",), edits=edits)


def test_edits_are_applied_in_turn() -> None:
    answer = wrong(
        Edit(file="app.py", find="first + second", replace="first - second"),
        Edit(file="app.py", find="first - second", replace="0"),
    )
    tree = apply_edits({"app.py": b"return first + second", ".env": b"A=1"}, answer)
    assert tree == {"app.py": b"return 0", ".env": b"A=1"}


@pytest.mark.parametrize(
    "edit,message",
    [
        (Edit(file="main.py", find="a", replace="b"), "the solution has no file main.py"),
        (Edit(file="app.py", find="z", replace="b"), "`find` stands 0 times"),
        (Edit(file="app.py", find="a", replace="b"), "`find` stands 2 times"),
        (Edit(file="app.py", find="a.a", replace="a.a"), "the edits change nothing"),
    ],
)
def test_edit_must_fit_the_solution_once(edit: Edit, message: str) -> None:
    with pytest.raises(CurriculumError) as caught:
        apply_edits({"app.py": b"a.a"}, wrong(edit))
    assert caught.value.message.startswith(message)
    assert caught.value.remedy


@pytest.mark.parametrize(
    "text,message",
    [
        ("[[wrong]", "is not TOML"),
        ("[[wrong]]\nname = 'x'\n", "wrong.0.mistake: Field required"),
        ("other = 1\n", "wrong: Field required"),
    ],
)
def test_malformed_data_is_refused(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "wrong.toml").write_text(text)
    with pytest.raises(CurriculumError) as caught:
        read_wrong_answers(tmp_path)
    assert caught.value.message.startswith(message)


def test_no_data_is_no_answer(tmp_path: Path) -> None:
    assert read_wrong_answers(tmp_path) == ()
    assert right_answers(tmp_path) == {}


@pytest.mark.parametrize(
    "content,fault",
    [
        (b"def f(:\n", "app.py:1:"),
        (b"\xff = 1\n", "app.py:1:"),
        (b"a = '\x00'\n", "app.py"),
    ],
)
def test_file_that_does_not_parse_is_named(content: bytes, fault: str) -> None:
    found = unparsable_file({"data.txt": b"(", "app.py": content})
    assert found is not None
    assert found.startswith(fault)


def test_parsable_files_have_no_fault() -> None:
    assert unparsable_file({"app.py": b"a = 1\n", "x.toml": b"="}) is None


@pytest.mark.parametrize(
    "other,same",
    [
        (APP, True),
        (APP.replace("first", "one").replace("add(", "total("), True),
        (APP.replace('    """Add."""\n', "    # adds\n"), True),
        (APP.replace("first + second", "sum((first, second))"), False),
        (APP.replace(") -> int", ") -> float"), False),
        (APP + "X = (\n", False),
    ],
)
def test_design_is_more_than_names_and_comments(tmp_path: Path, other: str, same: bool) -> None:
    for name, text in (("one", APP), ("other", other)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "app.py").write_text(text)
    assert is_same_design(tmp_path / "one", tmp_path / "other") is same


def test_other_files_are_part_of_the_design(tmp_path: Path) -> None:
    for name, text in (("one", "FROM a\n"), ("other", "FROM b\n")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "app.py").write_text(APP)
        (tmp_path / name / "Dockerfile").write_text(text)
    assert not is_same_design(tmp_path / "one", tmp_path / "other")
