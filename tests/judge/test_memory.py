"""Which trials need not be run again."""

from pathlib import Path

import pytest

from checker.judge.memory import Memory, key_of
from checker.judge.trials import End, Notice, TrialResult

TREE = {
    "library/app.py": b"app = 1\n",
    "tests/conftest.py": b"import pytest\n",
    "tests/test_books.py": b"def test_books(): pass\n",
    "tests/test_loans.py": b"def test_loans(): pass\n",
}
CHOSEN = ["tests/test_books.py"]


@pytest.mark.parametrize(
    "name, matters",
    [
        ("library/app.py", True),
        ("tests/conftest.py", True),
        ("tests/test_books.py", True),
        ("tests/test_loans.py", False),
    ],
)
def test_a_key_is_of_what_pytest_looks_into(name: str, matters: bool) -> None:
    changed = key_of(TREE | {name: b"pass\n"}, CHOSEN, {"seed": 0})
    assert (changed != key_of(TREE, CHOSEN, {"seed": 0})) is matters


def test_a_file_of_tests_that_is_imported_matters() -> None:
    tree = TREE | {"tests/conftest.py": b"from tests.test_loans import test_loans\n"}
    changed = key_of(tree | {"tests/test_loans.py": b"pass\n"}, CHOSEN)
    assert changed != key_of(tree, CHOSEN)


@pytest.mark.parametrize(
    "settings, matters",
    [
        (b"[tool.coverage.run]\nbranch = true\n\n[tool.pytest]\nstrict = true\n", False),
        (b"[tool.pytest]\nstrict = true # yes\n", False),
        (b"[tool.pytest]\nstrict = false\n", True),
        (b"[tool.pytest\nstrict = true\n", True),
        (b"tool = 1\n", True),
    ],
)
def test_settings_of_coverage_matter_to_no_trial(settings: bytes, matters: bool) -> None:
    tree = TREE | {"pyproject.toml": b"[tool.pytest]\nstrict = true\n"}
    assert (key_of(tree | {"pyproject.toml": settings}, CHOSEN) != key_of(tree, CHOSEN)) is matters


def test_settings_matter_where_a_file_names_them() -> None:
    tree = TREE | {
        "pyproject.toml": b"[tool.coverage.run]\nbranch = true\n",
        "tests/test_loans.py": b"from pathlib import Path\nPath('pyproject.toml').read_text()\n",
    }
    assert key_of(tree | {"pyproject.toml": b""}, CHOSEN) != key_of(tree, CHOSEN)


def test_a_key_is_of_the_circumstances() -> None:
    assert key_of(TREE, CHOSEN, {"env": "A"}) != key_of(TREE, CHOSEN, {"env": "B"})
    assert key_of(TREE, CHOSEN) != key_of(TREE, ["tests/test_loans.py"])


def test_a_whole_result_comes_back(tmp_path: Path) -> None:
    memory = Memory(tmp_path)
    result = TrialResult(
        end=End.WHOLE,
        code=1,
        outcomes={"a": "passed", "b": "failed"},
        notices=[Notice("slept", "a", seconds=1.0)],
        problems=[("a.py", {"kind": "empty_file", "message": "a.py is empty"})],
    )
    memory.keep("key", result)
    assert memory.recall("key") == result
    assert memory.recall("other") is None


def test_a_trial_that_was_cut_is_run_again(tmp_path: Path) -> None:
    memory = Memory(tmp_path)
    memory.keep("key", TrialResult(end=End.TIMEOUT))
    assert memory.recall("key") is None


def test_without_a_folder_nothing_is_kept() -> None:
    memory = Memory(None)
    memory.keep("key", TrialResult(end=End.WHOLE))
    assert memory.recall("key") is None
