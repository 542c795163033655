"""`checker author new`: every room at once, and the gate names what is left."""

from pathlib import Path

import pytest

from checker.authoring.lint import lint_topics
from checker.authoring.points import Judges
from checker.authoring.scaffold import scaffold_topic
from checker.authoring.subject import Point
from checker.authoring.verify import verify
from checker.catalog import Catalog
from checker.errors import UsageError
from checker.report import Verdict
from tests.authoring.conftest import ScriptedJudge

FILES = [
    "curriculum/s01_shelf/t03_fines.md",
    "labs/s01_shelf/t03_fines/app.py",
    "solutions/s01_shelf/t03_fines/app.py",
    "checker/suites/s01_shelf/test_t03_fines.py",
    "tests/answers/s01_shelf/t03_fines/wrong.toml",
    "tests/answers/s01_shelf/t03_fines/right/by_copy/app.py",
]


def test_every_room_but_the_notebook_is_made(catalog: Catalog, tiny: Path) -> None:
    assert scaffold_topic(catalog, catalog.find("5.1.3")) == FILES
    for name in FILES:
        assert (tiny / name).read_text()


def test_gate_names_what_is_left_to_do(catalog: Catalog, judge: ScriptedJudge) -> None:
    scaffold_topic(catalog, catalog.find("5.1.3"))
    judge.rule = lambda tree: (
        {"list_books": Verdict.FAILED} if b"return BOOKS\n" not in tree["app.py"] else {}
    )
    points = tuple(point for point in Point if point not in {Point.RIGHT, Point.SOLUTION})
    (topic,) = verify(catalog, "5.1.3", points, Judges([judge])).topics
    lesson = "curriculum/s01_shelf/t03_fines.md"
    answers = "tests/answers/s01_shelf/t03_fines/wrong.toml"
    assert topic.problems == (
        "notebooks/s01_shelf/t03_fines.ipynb is missing: "
        "write the notebook with `checker author notebooks`.",
        f"{lesson}: cover the focus item 'counting days' by a task, "
        "or name its heading under `headings`.",
        f"{lesson}: give the task list_books 2 to 4 hints, it has 1.",
        f"{lesson}: say under `covers` which focus items the task list_books exercises.",
        f"{answers}: add wrong answers: 1 of 5 are there.",
        f"{answers}: one_book must be told 'Persuasion', but its card says: GET /books answered "
        "200, not 404. (expected 404; got 200); correct `says`, the suite or the diagnosis.",
    )


def test_scaffold_is_clean_under_ruff_and_mypy(catalog: Catalog) -> None:
    topic = catalog.find("5.1.3")
    scaffold_topic(catalog, topic)
    assert lint_topics(catalog, [topic]) == {"5.1.3": []}


@pytest.mark.parametrize("name", FILES)
def test_no_room_is_overwritten(catalog: Catalog, tiny: Path, name: str) -> None:
    (tiny / name).parent.mkdir(parents=True, exist_ok=True)
    (tiny / name).write_text("mine")
    with pytest.raises(UsageError) as caught:
        scaffold_topic(catalog, catalog.find("5.1.3"))
    assert caught.value.message.startswith("5.1.3 is begun: ")
    assert (tiny / name).read_text() == "mine"
    assert sum((tiny / other).exists() for other in FILES) == 1
