"""Each verdict, from a real judge and a real host."""

import os
import time
from pathlib import Path

import pytest

from checker.catalog import Catalog
from checker.errors import EnvironmentFaultError
from checker.judge.client import Judge
from checker.report import Kind, TopicReport, Verdict
from tests.judge.conftest import JudgeFiles


def _solution(tiny: Path) -> str:
    return (tiny / "solutions/s01_shelf/t01_books/app.py").read_text()


def _verdicts(report: TopicReport) -> dict[str, Verdict]:
    return {task.id: task.verdict for task in report.tasks}


def _preloading(tiny: Path, module: str) -> None:
    """Let the lesson have a module imported before its labs are launched."""
    lesson = tiny / "curriculum/s01_shelf/t01_books.md"
    limits = "limits: {request: 2}\n"
    text = lesson.read_text()
    assert limits in text
    lesson.write_text(text.replace(limits, f"{limits}lab: {{preload: [{module}]}}\n"))


def test_what_the_host_imports_takes_none_of_the_labs_time(
    tiny: Path, judge_files: JudgeFiles
) -> None:
    """As where nothing of what is installed has been read from the disk yet."""
    _preloading(tiny, "tests.judge.slow_to_import")
    assert judge_files({"app.py": _solution(tiny)}).verdict is Verdict.PASSED


def test_what_the_host_cannot_import_is_not_the_labs_fault(
    tiny: Path, judge_files: JudgeFiles
) -> None:
    _preloading(tiny, "no_such_module")
    report = judge_files({"app.py": _solution(tiny)})
    assert report.verdict is Verdict.ERROR
    assert report.card is not None
    assert "No module named 'no_such_module'" in report.card.headline


def test_the_solution_passes_all_tasks(judge_files: JudgeFiles, tiny: Path) -> None:
    report = judge_files({"app.py": _solution(tiny)})
    assert report.verdict is Verdict.PASSED
    assert set(_verdicts(report).values()) == {Verdict.PASSED}
    assert report.earned == report.points


def test_the_starter_fails_by_assertion(judge: Judge, catalog: Catalog, tiny: Path) -> None:
    report = judge.check(catalog.find("5.1.1"), tiny / "labs/s01_shelf/t01_books", seed=1)
    assert report.verdict is Verdict.FAILED
    assert report.card is None
    assert set(_verdicts(report).values()) <= {Verdict.FAILED, Verdict.BLOCKED}


def test_a_syntax_error_breaks_every_task(judge_files: JudgeFiles) -> None:
    report = judge_files({"app.py": "from fastapi import FastAPI\napp = FastAPI(\n"})
    assert report.verdict is Verdict.BROKEN
    assert set(_verdicts(report).values()) == {Verdict.BROKEN}
    assert report.card is not None
    assert report.card.kind is Kind.SYNTAX_ERROR


@pytest.mark.parametrize("code", ["os._exit(0)", "sys.exit(0)", "raise KeyboardInterrupt"])
def test_a_process_that_ends_while_importing_is_broken(judge_files: JudgeFiles, code: str) -> None:
    report = judge_files({"app.py": f"import os, sys\n{code}\n"})
    assert report.verdict is Verdict.BROKEN


def test_an_endless_import_is_a_timeout_of_the_import(judge_files: JudgeFiles) -> None:
    report = judge_files({"app.py": "while True:\n    pass\n"})
    assert report.verdict is Verdict.TIMEOUT
    assert report.card is not None
    assert report.card.kind is Kind.IMPORT_TIMEOUT


def test_an_endless_start_up_is_a_timeout_of_the_start_up(
    judge_files: JudgeFiles, tiny: Path
) -> None:
    lifespan = (
        "\nimport asyncio\nfrom contextlib import asynccontextmanager\n"
        "@asynccontextmanager\nasync def hang(_):\n    await asyncio.sleep(99)\n    yield\n"
        "app.router.lifespan_context = hang\n"
    )
    report = judge_files({"app.py": _solution(tiny) + lifespan})
    assert report.verdict is Verdict.TIMEOUT
    assert report.card is not None
    assert report.card.kind is Kind.STARTUP_TIMEOUT


def test_a_process_that_ends_in_a_request_fails_only_that_check(
    judge_files: JudgeFiles, tiny: Path
) -> None:
    hook = (
        "\nimport os\n@app.middleware('http')\nasync def crash(request, call_next):\n"
        "    if request.url.path == '/books/2':\n        os._exit(0)\n"
        "    return await call_next(request)\n"
    )
    report = judge_files({"app.py": _solution(tiny) + hook})
    assert _verdicts(report)["list_books"] is Verdict.PASSED
    assert _verdicts(report)["find_book"] is Verdict.FAILED


def test_a_hanging_request_is_a_timeout_and_the_next_check_goes_on(
    judge_files: JudgeFiles, tiny: Path
) -> None:
    hook = (
        "\nimport time\n@app.middleware('http')\nasync def hang(request, call_next):\n"
        "    if request.url.path == '/books/2':\n        time.sleep(60)\n"
        "    return await call_next(request)\n"
    )
    report = judge_files({"app.py": _solution(tiny) + hook})
    checks = {check.id: check for task in report.tasks for check in task.checks}
    assert checks["test_a_book_is_found_by_its_id"].verdict is Verdict.TIMEOUT
    assert checks["test_an_unknown_book_is_a_404"].verdict is Verdict.PASSED
    assert report.verdict is Verdict.TIMEOUT


def test_a_killed_judge_is_an_error_and_the_next_check_starts_another(
    judge: Judge, catalog: Catalog, tiny: Path
) -> None:
    topic, folder = catalog.find("5.1.1"), tiny / "solutions/s01_shelf/t01_books"
    assert judge.check(topic, folder).verdict is Verdict.PASSED
    assert judge._process is not None
    judge._process.kill()
    with pytest.raises(EnvironmentFaultError) as caught:
        judge.check(topic, folder)
    assert "doctor" in caught.value.remedy
    assert judge.check(topic, folder).verdict is Verdict.PASSED


def test_a_missing_folder_is_a_fault(judge: Judge, catalog: Catalog, tmp_path: Path) -> None:
    topic = catalog.find("5.1.1")
    for _ in range(2):  # by a fresh worker, and by one that waited with its suite collected
        with pytest.raises(EnvironmentFaultError, match="cannot be read"):
            judge.check(topic, tmp_path / "nowhere")
        assert judge.check(topic, catalog.rooms(topic).solution).verdict is Verdict.PASSED


def test_a_suite_that_changes_is_collected_anew(judge: Judge, catalog: Catalog) -> None:
    topic = catalog.find("5.1.1")
    rooms = catalog.rooms(topic)
    assert judge.check(topic, rooms.solution).verdict is Verdict.PASSED
    rooms.suite.write_text(
        rooms.suite.read_text().replace("status_code == 404", "status_code == 0")
    )
    assert judge.check(topic, rooms.solution).verdict is Verdict.FAILED


def test_another_topic_and_back(judge: Judge, catalog: Catalog) -> None:
    for name in ("5.1.1", "5.1.2", "5.1.2", "5.1.1"):
        topic = catalog.find(name)
        report = judge.check(topic, catalog.rooms(topic).solution)
        assert (report.topic, report.verdict) == (name, Verdict.PASSED)


def test_a_check_that_was_not_executed_does_not_pass(
    judge: Judge, catalog: Catalog, tiny: Path
) -> None:
    suite = tiny / "checker/suites/s01_shelf/test_t01_books.py"
    suite.write_text(suite.read_text() + "\npytest.skip('all', allow_module_level=True)\n")
    report = judge.check(catalog.find("5.1.1"), tiny / "solutions/s01_shelf/t01_books")
    assert report.verdict is Verdict.ERROR
    assert report.earned == 0


def test_a_suite_of_ours_that_fails_to_import_is_an_error(
    judge: Judge, catalog: Catalog, tiny: Path
) -> None:
    suite = tiny / "checker/suites/s01_shelf/test_t01_books.py"
    suite.write_text("import nothing_of_that_name\n" + suite.read_text())
    report = judge.check(catalog.find("5.1.1"), tiny / "solutions/s01_shelf/t01_books")
    assert report.verdict is Verdict.ERROR
    assert report.card is not None
    assert report.card.detail is not None
    assert "nothing_of_that_name" in report.card.detail


def test_an_object_equal_to_everything_does_not_pass(judge_files: JudgeFiles) -> None:
    report = judge_files(
        {
            "app.py": "import builtins\nfrom fastapi import FastAPI\n"
            "class Same(dict):\n    def __eq__(self, other): return True\n"
            "    __hash__ = None\n"
            "app = FastAPI()\n@app.get('/books')\ndef books(): return Same()\n"
        }
    )
    assert _verdicts(report)["list_books"] is Verdict.FAILED


def test_files_that_steer_pytest_are_ignored(judge_files: JudgeFiles, tiny: Path) -> None:
    skip_all = "def pytest_collection_modifyitems(items): items.clear()\n"
    files = {
        "conftest.py": skip_all,
        "sitecustomize.py": "raise SystemExit(0)\n",
        "pytest.ini": "[pytest]\naddopts = --collect-only\n",
        "test_mine.py": "def test_mine(): pass\n",
        "app.py": "from fastapi import FastAPI\napp = FastAPI()\n",
    }
    assert judge_files(files).verdict is Verdict.FAILED
    files["app.py"] = _solution(tiny)
    assert judge_files(files).verdict is Verdict.PASSED


@pytest.mark.skipif(not hasattr(os, "fork"), reason="compares with the forking judge")
def test_the_spawn_path_gives_the_same_verdicts(catalog: Catalog, judge: Judge, tiny: Path) -> None:
    topic = catalog.find("5.1.1")
    with Judge(catalog, start="spawn") as spawned:
        for room in ("labs", "solutions"):
            folder = tiny / room / "s01_shelf/t01_books"
            ours, theirs = (one.check(topic, folder, seed=1) for one in (judge, spawned))
            assert _verdicts(ours) == _verdicts(theirs)


def test_nothing_outlives_the_judge(judge_files: JudgeFiles, tiny: Path, tmp_path: Path) -> None:
    mark = tmp_path / "daemon.pid"
    daemon = (
        "\nimport os, signal, time\nif os.fork() == 0:\n    os.setsid()\n"
        "    signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "    if os.fork() == 0:\n"
        f"        open({str(mark)!r}, 'w').write(str(os.getpid()))\n        time.sleep(60)\n"
        "    os._exit(0)\n"
    )
    report = judge_files({"app.py": _solution(tiny) + daemon})
    assert report.verdict is Verdict.PASSED
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and _alive(int(mark.read_text())):
        time.sleep(0.02)
    assert not _alive(int(mark.read_text()))


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
