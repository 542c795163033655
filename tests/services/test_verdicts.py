"""Topics with services, judged: real processes, warm, and `error` when a service breaks down."""

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from checker.catalog import Catalog
from checker.errors import CurriculumError
from checker.judge.client import Judge
from checker.report import TopicReport, Verdict
from checker.sandbox import bubblewrap_available
from tests.host.conftest import gone
from tests.services.conftest import children, descendants, name_of, wait_for

JudgeRoom = Callable[[str, str], TopicReport]


@pytest.fixture
def judge_room(judge: Judge, catalog: Catalog) -> JudgeRoom:
    """Judge a topic's `solution` or `lab`."""

    def run(topic: str, room: str) -> TopicReport:
        found = catalog.find(topic)
        return judge.check(found, getattr(catalog.rooms(found), room), seed=1)

    return run


def below(judge: Judge, name: str) -> list[int]:
    """List the processes of a name that the judge has started, however far down."""
    assert judge._process is not None
    return [pid for pid in descendants(judge._process.pid) if name_of(pid) == name]


@pytest.mark.parametrize("topic", ["5.1.1", "5.1.2", "5.1.3"])
def test_solution_passes_and_starter_fails_on_real_services(
    judge_room: JudgeRoom, topic: str
) -> None:
    for _ in range(2):
        report = judge_room(topic, "solution")
        assert report.verdict is Verdict.PASSED, report.first_card()
    report = judge_room(topic, "lab")
    assert {task.verdict for task in report.tasks} == {Verdict.FAILED}, report.first_card()


def test_a_service_runs_on_between_checks_and_ends_with_the_judge(
    judge: Judge, judge_room: JudgeRoom
) -> None:
    judge_room("5.1.1", "solution")
    servers = below(judge, "redis-server")
    assert len(servers) == 1
    judge_room("5.1.1", "solution")
    assert below(judge, "redis-server") == servers
    judge.close()
    assert gone(servers[0])


def test_the_environment_wins_and_controls_stay_with_the_judge(
    judge: Judge, catalog: Catalog, tmp_path: Path
) -> None:
    """No lab learns the administrator's secrets."""
    topic = catalog.find("5.1.1")
    solution = (catalog.rooms(topic).solution / "app.py").read_text()
    probe = f"{solution}\nPath('{tmp_path}/env').write_text(repr(dict(os.environ)))\n"
    (tmp_path / "lab").mkdir()
    (tmp_path / "lab" / "app.py").write_text(f"from pathlib import Path\n{probe}")
    assert judge.check(topic, tmp_path / "lab", seed=1).verdict is Verdict.PASSED
    seen = (tmp_path / "env").read_text()
    assert seen.count("redis://") == 1
    assert "redis://library:" in seen


def test_a_server_killed_during_a_check_is_an_error_with_the_remedy(
    judge: Judge, judge_room: JudgeRoom, catalog: Catalog
) -> None:
    judge_room("5.1.1", "solution")
    (server,) = below(judge, "redis-server")
    suite = catalog.rooms(catalog.find("5.1.1")).suite
    kill = f"\n    import os\n    os.kill({server}, 9)\n"
    text = suite.read_text()
    suite.write_text(text.replace("    for number in", f"{kill}    for number in"))
    report = judge_room("5.1.1", "solution")
    assert report.verdict is Verdict.ERROR
    assert {task.verdict for task in report.tasks} == {Verdict.ERROR}
    assert report.card is not None
    assert report.card.headline == "Redis: It ended during the work, by SIGKILL."
    assert "Run the command again" in str(report.card.next_step)
    suite.write_text(text)
    os.utime(suite, (1, 1))
    assert judge_room("5.1.1", "solution").verdict is Verdict.PASSED


def test_a_service_that_cannot_be_had_is_an_error_with_the_remedy(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    topic = catalog.find("5.1.1")
    with Judge(catalog) as judge:
        report = judge.check(topic, catalog.rooms(topic).solution, seed=1)
    assert report.verdict is Verdict.ERROR
    assert report.card is not None
    assert "REDIS_URL does not answer" in report.card.headline
    assert "unset it" in str(report.card.next_step)


def test_an_undeclared_service_is_a_fault_of_ours(judge_room: JudgeRoom, catalog: Catalog) -> None:
    lesson = catalog.rooms(catalog.find("5.1.1")).lesson
    text = lesson.read_text()
    lesson.write_text(text.replace("services: [redis]", "services: [model]"))
    report = judge_room("5.1.1", "solution")
    assert report.verdict is not Verdict.PASSED
    lesson.write_text(text.replace("services: [redis]", "services: [mongo]"))
    with pytest.raises(CurriculumError, match="there is no service 'mongo'; known: redis"):
        Catalog().lesson(catalog.find("5.1.1"))


@pytest.fixture
def open_tmp(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Let temporary files lie in a folder of their own, which services of any user may enter."""
    with tempfile.TemporaryDirectory(prefix="services-") as name:
        Path(name).chmod(0o755)
        monkeypatch.setenv("TMPDIR", name)
        yield Path(name)


SANDBOX = pytest.param(
    "--sandbox",
    marks=pytest.mark.skipif(bubblewrap_available() is not None, reason="needs bubblewrap"),
)


@pytest.mark.parametrize("option", ["--no-sandbox", SANDBOX])
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_nothing_is_left_when_a_command_ends(
    hall: Path, open_tmp: Path, number: signal.Signals, option: str
) -> None:
    """Neither process nor folder of `checker check`, ended in the middle; Ctrl-C goes to all.

    The check itself would go on for a minute.
    """
    app = hall / "solutions/s01_hall/t03_readers/app.py"
    app.write_text(f"{app.read_text()}\nimport time\ntime.sleep(60)\n")
    lesson = hall / "curriculum/s01_hall/t03_readers.md"
    limits = "limits: {startup: 60, request: 60, test: 60, topic: 90}\ntasks:"
    lesson.write_text(lesson.read_text().replace("tasks:", limits, 1))
    command = ["-m", "checker", "check", "5.1.3", "--folder", str(app.parent), option]
    checker = subprocess.Popen(
        [sys.executable, *command],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    found: list[int] = []

    def servers_run() -> bool:
        found[:] = descendants(checker.pid)
        names = [name_of(pid) for pid in found]
        return "redis-server" in names and names.count("postgres") > 3

    assert wait_for(servers_run, 15)
    if number == signal.SIGINT:
        os.killpg(checker.pid, number)
    else:
        checker.send_signal(number)
    checker.wait()
    assert all(gone(pid, 15) for pid in found)
    assert wait_for(lambda: not list(open_tmp.glob("checker-*")), 15)


def test_nothing_is_left_after_a_normal_end(hall: Path) -> None:
    folder = hall / "solutions/s01_hall/t02_ask"
    command = [sys.executable, "-m", "checker", "check", "5.1.2", "--folder", str(folder)]
    checker = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    found: set[int] = set()
    while checker.poll() is None:
        found.update(descendants(checker.pid))
        time.sleep(0.01)
    assert checker.returncode == 0
    assert found
    assert all(gone(pid) for pid in found)


def test_a_killed_keeper_takes_its_server_along(judge: Judge, judge_room: JudgeRoom) -> None:
    judge_room("5.1.1", "solution")
    (server,) = below(judge, "redis-server")
    (keeper,) = [
        pid
        for pid in descendants(judge._process.pid if judge._process else 0)
        if server in children(pid)
    ]
    os.kill(keeper, signal.SIGKILL)
    assert gone(server)
    assert judge_room("5.1.1", "solution").verdict is Verdict.PASSED


def test_two_judges_do_not_meet(catalog: Catalog) -> None:
    """Side by side, as the gate works: each has services of its own."""
    topic = catalog.find("5.1.1")
    verdicts = []

    def check() -> None:
        with Judge(catalog) as judge:
            for _ in range(3):
                report = judge.check(topic, catalog.rooms(topic).solution)
                verdicts.append(report.verdict)

    threads = [threading.Thread(target=check) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert verdicts == [Verdict.PASSED] * 6


@pytest.mark.skipif(bubblewrap_available() is not None, reason="needs bubblewrap")
def test_sandboxed_labs_reach_their_services(catalog: Catalog) -> None:
    with Judge(catalog, sandbox="bubblewrap") as judge:
        for name in ("5.1.1", "5.1.2", "5.1.3", "5.1.1"):
            topic = catalog.find(name)
            report = judge.check(topic, catalog.rooms(topic).solution, seed=1)
            assert report.verdict is Verdict.PASSED, report.first_card()


@pytest.mark.skipif(bubblewrap_available() is not None, reason="needs bubblewrap")
@pytest.mark.parametrize(
    "url, words",
    [
        ("redis://192.0.2.1:6379/0", "does not answer"),
        ("unix:///nowhere/redis.sock", "does not answer"),
        ("https://models.example/v1", "The sandbox does not reach"),
    ],
)
def test_a_sandbox_has_no_way_to_other_machines(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch, url: str, words: str
) -> None:
    topic = catalog.find("5.1.2" if url.startswith("https") else "5.1.1")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-theirs")
    monkeypatch.setenv("OPENAI_BASE_URL" if url.startswith("https") else "REDIS_URL", url)
    with Judge(catalog, sandbox="bubblewrap") as judge:
        report = judge.check(topic, catalog.rooms(topic).solution, seed=1)
    assert report.verdict is Verdict.ERROR
    assert report.card is not None
    assert words in report.card.headline


def test_every_trial_of_an_exam_has_services_of_its_own(judge_room: JudgeRoom) -> None:
    """The tests count what is there: they fail, should one trial meet what another left."""
    for _ in range(2):
        report = judge_room("5.1.4", "solution")
        assert report.verdict is Verdict.PASSED, report.first_card()
    assert judge_room("5.1.4", "lab").verdict is Verdict.FAILED
