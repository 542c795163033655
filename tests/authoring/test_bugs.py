"""The gate's point on broken apps."""

from pathlib import Path

import pytest

from checker.authoring.bugs import check_bugs, count_bugs
from checker.authoring.subject import Subject, load_subject
from checker.catalog import Catalog

BUG = """
[[bug]]
id = "{name}"
task = "{task}"
says = "The app does {name} in the wrong way"
edits = [{{ file = "shelf.py", find = '''{find}''', replace = '''{replace}''' }}]
"""
SHELF = "A = 1\nB = 2\nC = 3\nD = 4\nE = 5\n"


@pytest.fixture
def subject(catalog: Catalog, tiny: Path) -> Subject:
    """Give a topic whose lab has a module to break."""
    (tiny / "labs/s01_shelf/t01_books/shelf.py").write_text(SHELF)
    return load_subject(catalog, catalog.find("5.1.1"))


def write(subject: Subject, *bugs: tuple[str, str, str], task: str = "") -> None:
    task = task or subject.lesson.tasks[0].id
    text = "".join(
        BUG.format(name=name, task=task, find=find, replace=replace) for name, find, replace in bugs
    )
    subject.rooms.bugs.write_text(text)


FIVE = tuple((f"bug_{name.lower()}", f"{name} =", f"{name} = 7 +") for name in "ABCDE")


def test_a_topic_without_broken_apps_has_nothing_to_prove(subject: Subject) -> None:
    assert check_bugs(subject) == []
    assert count_bugs(subject) == 0


def test_five_broken_apps_are_enough(subject: Subject) -> None:
    write(subject, *FIVE)
    assert check_bugs(subject) == []
    assert count_bugs(subject) == 5


@pytest.mark.parametrize(
    "bug, words",
    [
        (("bug_x", "Z =", "Z = 1 +"), "bug_x does not fit: `find` stands 0 times"),
        (("bug_x", "A = 1", "A = ("), "bug_x does not parse: shelf.py:1"),
        (("bug_x", "A =", "A =  7 +"), "bug_x is bug_a again"),
        (("bug_x", "A = 1", "A =  1"), "bug_x is the correct app again"),
        (("bug_a", "A = 1", "A = 9"), "bug_a appears twice"),
    ],
)
def test_a_broken_app_that_is_none_is_named(
    subject: Subject, bug: tuple[str, str, str], words: str
) -> None:
    write(subject, *FIVE, bug)
    assert words in " ".join(check_bugs(subject))


def test_an_unknown_task_and_a_small_number_are_named(subject: Subject) -> None:
    write(subject, *FIVE[:2], task="unknown")
    found = " ".join(check_bugs(subject))
    assert "bug_a names the unknown task unknown." in found
    assert "add broken apps: 2 of 5 are there." in found


def test_a_malformed_file_is_named(subject: Subject) -> None:
    subject.rooms.bugs.write_text("[[bug")
    [problem] = check_bugs(subject)
    assert problem.startswith("checker/suites/s01_shelf/bugs_t01_books.toml: is not TOML")
    assert count_bugs(subject) == 0
