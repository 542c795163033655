"""The gate over a place."""

import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from checker.authoring import gate
from checker.authoring.gate import open_judges, verify_place
from checker.authoring.notebooks import build_place
from checker.authoring.points import Judges, check_point
from checker.authoring.report import draw_verification
from checker.authoring.subject import Point, Subject
from checker.authoring.verify import TopicResult, Verification, verify
from checker.catalog import Catalog
from checker.errors import EnvironmentFaultError, UsageError
from checker.files import Tree
from checker.report import Verdict
from tests.authoring.conftest import ScriptedJudge
from tests.authoring.edits import replace_in

STATIC = (Point.ROOMS, Point.REGIONS)
NO_NOTEBOOK = (
    "notebooks/s01_shelf/t01_books.ipynb is missing: "
    "write the notebook with `checker author notebooks`."
)


@pytest.fixture
def judges(judge: ScriptedJudge) -> Judges:
    """Offer the scripted judge alone."""
    return Judges([judge])


@pytest.mark.timeout(120)
def test_sound_place_is_proven_whole(catalog: Catalog) -> None:
    list(build_place(catalog, "all"))
    told: list[str] = []
    result = verify_place(catalog, "5.1", tuple(Point), told.append)
    assert result.data() == {
        "ok": True,
        "topics": (
            {
                "id": "5.1.1",
                "ok": True,
                "tasks": 2,
                "focus_items": 3,
                "focus_covered": 3,
                "wrong_answers": 5,
                "right_answers": 1,
                "problems": (),
            },
            {
                "id": "5.1.2",
                "ok": True,
                "tasks": 2,
                "focus_items": 2,
                "focus_covered": 2,
                "wrong_answers": 5,
                "right_answers": 1,
                "problems": (),
            },
        ),
        "problems": (),
        "notes": result.notes,
    }
    assert len(told) == 2 * len(Point)


def test_warning_in_the_solution_is_an_error(catalog: Catalog, tiny: Path) -> None:
    solution = tiny / "solutions" / "s01_shelf" / "t01_books" / "app.py"
    replace_in(
        solution, "app = FastAPI()", "import warnings\n\nwarnings.warn('old')\napp = FastAPI()"
    )
    with open_judges(catalog) as (judges, _):
        (topic,) = verify(catalog, "5.1.1", (Point.STARTER, Point.SOLUTION), judges).topics
    found = [problem for problem in topic.problems if "does not pass with seed 1" in problem]
    assert len(found) == 1
    assert "old" in found[0]


def test_warning_in_a_handler_is_an_error(catalog: Catalog, tiny: Path) -> None:
    solution = tiny / "solutions" / "s01_shelf" / "t01_books" / "app.py"
    replace_in(
        solution, 'return {"books"', '__import__("warnings").warn("old")\n    return {"books"'
    )
    with open_judges(catalog) as (judges, _):
        (topic,) = verify(catalog, "5.1.1", (Point.SOLUTION,), judges).topics
    assert any("does not pass with seed 1" in problem for problem in topic.problems)


def test_topic_that_nobody_began_is_absent(catalog: Catalog, judges: Judges) -> None:
    assert verify(catalog, "5.1.3", STATIC, judges) == Verification(())


def test_half_a_topic_is_a_problem(catalog: Catalog, judges: Judges, tiny: Path) -> None:
    lab = tiny / "labs" / "s01_shelf" / "t03_fines"
    lab.mkdir()
    (lab / "app.py").write_text("")
    (topic,) = verify(catalog, "5.1.3", STATIC, judges).topics
    assert not topic.ok
    assert topic.focus_items == 1
    assert topic.problems[0].startswith("5.1.3 Fines is not written yet.")
    assert [problem.split(" is missing")[0] for problem in topic.problems[1:]] == [
        "curriculum/s01_shelf/t03_fines.md",
        "solutions/s01_shelf/t03_fines",
        "checker/suites/s01_shelf/test_t03_fines.py",
        "notebooks/s01_shelf/t03_fines.ipynb",
        "tests/answers/s01_shelf/t03_fines",
    ]


def test_folder_that_only_a_tool_filled_is_no_room(
    catalog: Catalog, judges: Judges, tiny: Path
) -> None:
    cache = tiny / "labs" / "s01_shelf" / "t03_fines" / "__pycache__"
    cache.mkdir(parents=True)
    (cache / "app.pyc").write_text("")
    assert verify(catalog, "5.1.3", STATIC, judges).topics == ()


@pytest.mark.parametrize("point", Point)
def test_point_without_its_rooms_has_nothing_to_prove(
    books: Subject, judges: Judges, point: Point
) -> None:
    rooms = books.rooms
    for folder in (rooms.lab, rooms.solution, rooms.answers):
        shutil.rmtree(folder)
    assert check_point(books, point, judges, lambda: {"5.1.1": ["x"]}) == []


def test_missing_room_is_named_whatever_is_asked(
    catalog: Catalog, judges: Judges, tiny: Path
) -> None:
    shutil.rmtree(tiny / "labs" / "s01_shelf" / "t01_books")
    (topic,) = verify(catalog, "5.1.1", (Point.RIGHT,), judges).topics
    assert topic.problems == (
        "labs/s01_shelf/t01_books is missing: write the lab.",
        NO_NOTEBOOK,
    )


def test_unreadable_lesson_is_the_problem(catalog: Catalog, judges: Judges, tiny: Path) -> None:
    replace_in(tiny / "curriculum/s01_shelf/t01_books.md", "covers: [listing]", "covers: [x]")
    first, second = verify(catalog, "all", STATIC, judges).topics
    assert not first.ok
    assert "'x' is no focus item" in first.problems[0]
    assert first.tasks == 0
    assert second.tasks == 2


def test_lint_belongs_to_the_solution(books: Subject, judges: Judges) -> None:
    found = check_point(books, Point.SOLUTION, judges, lambda: {"5.1.1": ["app.py:1: bad"]})
    assert found == ["app.py:1: bad"]
    assert check_point(books, Point.STARTER, judges, lambda: {"5.1.1": ["app.py:1: bad"]}) != found


def test_judge_that_dies_is_a_problem_of_its_point(catalog: Catalog) -> None:
    def die(_: Tree) -> dict[str, Verdict]:
        raise EnvironmentFaultError("The judge process ended.", "Run `checker doctor`.")

    judges = Judges([ScriptedJudge(catalog, die)])
    (topic,) = verify(catalog, "5.1.1", (Point.STARTER,), judges).topics
    assert topic.problems[-1] == (
        "starter could not be proven: The judge process ended. Run `checker doctor`."
    )


@pytest.mark.parametrize("with_bugs", [("5.1.1",), ("5.1.1", "5.1.2"), ()])
def test_two_topics_are_proven_at_once(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch, with_bugs: tuple[str, ...]
) -> None:
    together = threading.Barrier(2, timeout=5)

    def meet(_: Tree) -> dict[str, Verdict]:
        together.wait()
        return {}

    def count(subject: Subject) -> int:
        return 5 * (subject.topic.id in with_bugs)

    monkeypatch.setattr("checker.authoring.verify.count_bugs", count)
    judges = Judges([ScriptedJudge(catalog, meet), ScriptedJudge(catalog, meet)])
    result = verify(catalog, "5.1", (Point.STARTER,), judges)
    assert [topic.id for topic in result.topics] == ["5.1.1", "5.1.2"]
    assert all(topic.problems for topic in result.topics)


def test_judge_that_knows_the_section_comes_first(catalog: Catalog) -> None:
    together = threading.Barrier(2, timeout=5)

    def meet_at_first(_: Tree) -> dict[str, Verdict]:
        if sum(len(judge.asked) for judge in both) <= 2:
            together.wait()
        return {}

    both = [ScriptedJudge(catalog, meet_at_first), ScriptedJudge(catalog, meet_at_first)]
    judges = Judges(both)
    here = catalog.find("5.1.1")
    lab = catalog.rooms(here).lab
    catalog.lesson(here)  # is kept, and serves its namesake of the other section too
    topics = {1: here, 2: replace(here, section_slug="s02_more")}
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda seed: judges.check(topics[seed], lab, seed), topics))
    for seed in (1, 2, 2, 1):
        judges.check(topics[seed], lab, seed)
    asked = [{seed for seed, _ in judge.asked} for judge in both]
    assert asked in ([{1}, {2}], [{2}, {1}])


def test_mistake_of_ours_is_not_swallowed(catalog: Catalog) -> None:
    def err(_: Tree) -> dict[str, Verdict]:
        raise ZeroDivisionError

    judges = Judges([ScriptedJudge(catalog, err)])
    with pytest.raises(ZeroDivisionError):
        verify(catalog, "5.1", (Point.STARTER,), judges)


def test_malformed_answers_are_counted_as_none(
    catalog: Catalog, judges: Judges, tiny: Path
) -> None:
    (tiny / "tests/answers/s01_shelf/t01_books/wrong.toml").write_text("[[")
    (topic,) = verify(catalog, "5.1.1", (Point.WRONG,), judges).topics
    assert topic.wrong_answers == 0
    assert "wrong.toml is not TOML" in topic.problems[-1]


def test_stray_files_belong_to_their_place(catalog: Catalog, judges: Judges, tiny: Path) -> None:
    (tiny / "labs" / "loose.py").write_text("")
    (tiny / "labs" / "s01_shelf" / "loose.py").write_text("")
    whole = verify(catalog, "all", STATIC, judges)
    assert [problem.split()[0] for problem in whole.problems] == [
        "labs/loose.py",
        "labs/s01_shelf/loose.py",
    ]
    assert not whole.ok
    assert verify(catalog, "5.1.1", STATIC, judges).problems == ()
    assert verify(catalog, "all", (Point.REGIONS,), judges).problems == ()


def test_unknown_place_is_refused(catalog: Catalog, judges: Judges) -> None:
    with pytest.raises(UsageError):
        verify(catalog, "9.9", STATIC, judges)


def test_missing_sandbox_is_a_note(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "bubblewrap_available", lambda: "bubblewrap is not installed.")
    with open_judges(catalog) as (_, notes):
        assert notes == ("labs were judged without a sandbox: bubblewrap is not installed.",)


def test_drawing_says_what_is_left_to_do() -> None:
    result = Verification(
        topics=(
            TopicResult("5.1.1", True, 2, 3, 3, 5, 1),
            TopicResult("5.1.2", False, 1, 2, 1, 0, 0, ("a is missing.", "b is wrong.")),
        ),
        problems=("labs/x belongs to no topic: move or remove it.",),
        notes=("no sandbox",),
    )
    assert draw_verification(result) == (
        "5.1.1   ok     2 tasks, 3 of 3 focus items, 5 wrong answers, 1 right\n"
        "5.1.2   to do  1 task, 1 of 2 focus items, 0 wrong answers, 0 right\n"
        "\n"
        "5.1.2: 2 problems\n"
        "  - a is missing.\n"
        "  - b is wrong.\n"
        "\n"
        "stray files\n"
        "  - labs/x belongs to no topic: move or remove it.\n"
        "\n"
        "note: no sandbox\n"
        "2 topics, 4 of 5 focus items covered: 3 problems"
    )


def test_drawing_of_a_sound_place_is_short() -> None:
    result = Verification((TopicResult("5.1.1", True, 2, 3, 3, 5, 1),))
    assert draw_verification(result).splitlines()[-1] == (
        "1 topic, 3 of 3 focus items covered: all proven"
    )
