"""Forked kernels: as clean as an interpreter of their own, and gone when they should be."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from checker.authoring.kernel import run_cells
from checker.authoring.kernels import ForkedKernel, Kernels, open_kernels
from checker.authoring.notebook import draft_notebook
from checker.authoring.notebooks import check_notebook, write_notebook
from checker.authoring.subject import Subject
from checker.errors import CurriculumError

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
PRINT = 'print({"id": 1, "mark": "A-1"})'
PROBE = """\
import asyncio, gc, logging, os, signal, sys, threading, time, warnings
print(sorted(name for name in globals() if not name.startswith("_")))
print(sys.warnoptions, warnings.filters)
print(sys.path, sys.argv[0].rpartition("/")[2], sys.argv[3:], sys.flags, hash("a"))
own = ("JPY_PARENT_PID", "IPYTHONDIR")
print(sorted((n, v) for n, v in os.environ.items() if n not in own))
print(os.listdir(), time.tzname, time.localtime(0).tm_hour, os.umask(0o22))
print(threading.active_count(), threading.Thread().name)
print([signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD)])
print(signal.pthread_sigmask(signal.SIG_BLOCK, ()), os.getsid(0) == os.getpid(), os.read(0, 1))
print([h.level for h in logging.root.handlers], logging.root.level, gc.isenabled())
print(type(asyncio.get_event_loop_policy()), sys.modules["__main__"].__dict__ is globals())
"""


@pytest.fixture(scope="module")
def kernels() -> Iterator[Kernels]:
    """Keep the process that forks warm for all tests."""
    with Kernels() as kernels:
        yield kernels


def outputs(subject: Subject, cell: str, kernels: Kernels | None) -> list[str]:
    """Run a cell in place of the lesson's first and give the lines that it printed."""
    text = subject.rooms.lesson.read_text()
    subject.rooms.lesson.write_text(text.replace(PRINT, cell.rstrip()))
    draft = draft_notebook(subject)
    subject.rooms.lesson.write_text(text)
    run_cells(draft, "lesson", kernels)
    code = next(one for one in draft.lesson_cells if one.cell_type == "code")
    return "".join(output.get("text", "") for output in code.outputs).splitlines()


def start(kernels: Kernels, arguments: list[str], cwd: Path) -> ForkedKernel:
    """Fork something that shall be there."""
    kernel = kernels.launch(arguments, dict(os.environ), str(cwd))
    assert kernel is not None
    return kernel


def gone(pid: int) -> bool:
    """Wait until there is no such process, or only its remains."""
    for _ in range(500):
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
            os.kill(pid, 0)
        except (FileNotFoundError, ProcessLookupError):
            return True
        time.sleep(0.01)
    return False


def test_cell_sees_what_it_would_see_in_an_interpreter_of_its_own(
    books: Subject, kernels: Kernels
) -> None:
    forked, fresh = (outputs(books, PROBE, one) for one in (kernels, None))
    assert len(fresh) == 10
    assert forked == fresh


def test_kernels_share_nothing_but_their_parent(books: Subject, kernels: Kernels) -> None:
    spoil = "import os, fastapi\nfastapi.FastAPI = os.environ['SPOILT'] = 'x'\nprint(os.getppid())"
    look = (
        "import os, fastapi\nprint(os.getppid())\nprint(fastapi.FastAPI, os.environ.get('SPOILT'))"
    )
    (parent,) = outputs(books, spoil, kernels)
    assert outputs(books, look, kernels) == [parent, "<class 'fastapi.applications.FastAPI'> None"]
    assert int(parent) != os.getpid()


@pytest.mark.parametrize("fork", [True, False])
def test_kernel_takes_no_port(books: Subject, kernels: Kernels, fork: bool) -> None:
    """Whoever listens at a port that was free a moment ago would keep the kernel from starting."""
    cell = "import ipykernel.connect as c; print(c.get_connection_info(unpack=True)['transport'])"
    assert outputs(books, cell, kernels if fork else None) == ["ipc"]


def test_random_numbers_differ(books: Subject, kernels: Kernels) -> None:
    cell = "import random; print(random.random())"
    assert outputs(books, cell, kernels) != outputs(books, cell, kernels)


def test_notebook_is_the_same_either_way(books: Subject, kernels: Kernels) -> None:
    assert write_notebook(books, kernels)
    assert not write_notebook(books)
    assert check_notebook(books, kernels) == []


@pytest.mark.parametrize(
    "cell,trouble",
    [
        ("1 / 0", "the cell raised ZeroDivisionError: division by zero"),
        ("import os; os._exit(3)", "the kernel died in the cell"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "the kernel died in the cell"),
    ],
)
def test_cell_that_ends_its_kernel_ends_no_other(
    books: Subject, kernels: Kernels, cell: str, trouble: str
) -> None:
    with pytest.raises(CurriculumError, match=trouble):
        outputs(books, cell, kernels)
    assert outputs(books, "print(1)", kernels) == ["1"]


def test_what_a_cell_left_in_its_group_ends_with_the_kernel(
    books: Subject, kernels: Kernels
) -> None:
    cell = "import subprocess; print(subprocess.Popen(['sleep', '60']).pid)"
    pid = outputs(books, cell, kernels)[0]
    assert gone(int(pid))


def test_two_kernels_run_at_once_from_threads(books: Subject, kernels: Kernels) -> None:
    drafts = [draft_notebook(books) for _ in range(2)]
    threads = [threading.Thread(target=run_cells, args=(one, "x", kernels)) for one in drafts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    first, second = ([one.get("outputs") for one in draft.lesson_cells] for draft in drafts)
    assert first == second
    assert any(first)


def test_kernel_that_does_not_come_up_has_an_exit_code(tmp_path: Path) -> None:
    with Kernels() as own:
        kernel = start(own, ["--no-such-option=1", "-f", str(tmp_path)], tmp_path)
        assert kernel.wait() == 2
        assert kernel.poll() == 2
        kernel.kill()
        kernel.send_signal(signal.SIGTERM)


def test_signals_reach_the_kernel(tmp_path: Path) -> None:
    with Kernels() as own:
        kernel = start(own, ["-f", str(tmp_path / "k.json")], tmp_path)
        assert kernel.poll() is None
        kernel.send_signal(signal.SIGTERM)
        assert kernel.wait() == -signal.SIGTERM
        other = start(own, ["-f", str(tmp_path / "l.json")], tmp_path)
        other.kill()
        assert other.wait() == -signal.SIGKILL


@pytest.mark.skipif(sys.platform != "linux", reason="the end of a parent is noticed on Linux")
def test_kernels_end_with_the_process_that_forked_them(tmp_path: Path) -> None:
    with Kernels() as own:
        kernel = start(own, ["-f", str(tmp_path / "k.json")], tmp_path)
        process = own._process
        assert process is not None
        process.kill()
        process.wait()
        assert kernel.wait() == -signal.SIGKILL
        assert gone(kernel.pid)
        assert own.launch([], dict(os.environ), str(tmp_path)) is None


def test_all_end_with_the_gate_even_when_it_is_killed(tmp_path: Path) -> None:
    code = (
        "import os, sys, time\nfrom checker.authoring.kernels import Kernels\nown = Kernels()\n"
        "kernel = own.launch(['-f', sys.argv[1] + '/k.json'], dict(os.environ), sys.argv[1])\n"
        "print(kernel.pid, own._process.pid, flush=True)\ntime.sleep(60)"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as gate:
        assert gate.stdout is not None
        pids = [int(pid) for pid in gate.stdout.readline().split()]
        gate.kill()
    assert len(pids) == 2
    assert all(gone(pid) for pid in pids)


def test_close_ends_kernels_and_may_be_called_again(tmp_path: Path) -> None:
    own = Kernels()
    own.close()
    kernel = start(own, ["-f", str(tmp_path / "k.json")], tmp_path)
    own.close()
    own.close()
    assert kernel.wait() == -signal.SIGKILL
    assert gone(kernel.pid)


def test_other_variables_of_python_want_an_interpreter(tmp_path: Path) -> None:
    with Kernels() as own:
        kernel = start(own, ["-f", str(tmp_path / "k.json")], tmp_path)
        assert own.launch([], {**os.environ, "PYTHONHASHSEED": "7"}, str(tmp_path)) is None
        kernel.kill()
        assert kernel.wait() == -signal.SIGKILL


def test_interpreter_is_started_where_no_kernel_can_be_forked(books: Subject) -> None:
    with Kernels(server="json.tool") as broken:
        assert outputs(books, "import os; print(os.getppid())", broken) == [str(os.getpid())]
        assert outputs(books, "print(1)", broken) == ["1"]


def test_few_notebooks_are_not_worth_it(monkeypatch: pytest.MonkeyPatch) -> None:
    with open_kernels(2) as none, open_kernels(3) as some:
        assert none is None
        assert isinstance(some, Kernels)
    monkeypatch.delattr(os, "fork")
    with open_kernels(96) as none:
        assert none is None


def test_module_that_warns_or_starts_a_thread_speaks_against_forking(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "old_shelf.py").write_text("import warnings; warnings.warn('old', stacklevel=1)")
    (tmp_path / "busy_shelf.py").write_text(
        "import threading\nend = threading.Event()\nthreading.Thread(target=end.wait).start()"
    )
    code = (
        "import json, sys; from checker.authoring.forks import warm_up\n"
        "print(json.dumps([warm_up(['no_such_module', 'json']), warm_up(['old_shelf']),"
        " warm_up(['busy_shelf'])])); sys.modules['busy_shelf'].end.set()"
    )
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path])}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, check=True)
    fine, warned, busy = json.loads(done.stdout)
    assert (fine, warned) == (None, "UserWarning: old")
    assert busy.startswith("threads are running: ")
