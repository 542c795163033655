"""Notices of the file system arrive, quickly, and their absence is noticed."""

import builtins
import threading
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from checker.watch import notice
from checker.watch.notice import Notices


def test_a_write_wakes(tmp_path: Path) -> None:
    """A file written below the folder calls `wake` with its path."""
    woken = threading.Event()
    app = tmp_path / "topic" / "app.py"
    app.parent.mkdir()

    def wake(paths: frozenset[str]) -> None:
        if str(app) in paths:
            woken.set()

    with Notices(tmp_path, wake) as notices:
        assert notices.live
        notices.go_on()
        app.write_text("x")
        assert woken.wait(2)


def test_the_probe_leaves_nothing(tmp_path: Path) -> None:
    """The file that tests for events is taken away again."""
    with Notices(tmp_path, lambda _: None):
        pass
    assert list(tmp_path.iterdir()) == []


def test_polling_can_be_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """CHECKER_POLL=1 starts no listener at all."""
    monkeypatch.setenv("CHECKER_POLL", "1")
    with Notices(tmp_path, lambda _: None) as notices:
        assert not notices.live


def test_a_file_system_without_events_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the event of the probe does not come, the caller is told to look by itself."""
    monkeypatch.setattr(notice, "PROBE_SECONDS", 0.1)
    monkeypatch.setattr("watchfiles.watch", lambda *_, **__: iter(()))
    with Notices(tmp_path, lambda _: None) as notices:
        assert not notices.live


def test_a_listener_that_fails_means_polling(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A limit of the system (too many watches) ends in polling, not in a traceback."""

    def fail(*_: object, **__: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(notice, "PROBE_SECONDS", 0.1)
    monkeypatch.setattr("watchfiles.watch", fail)
    with Notices(tmp_path, lambda _: None) as notices:
        assert not notices.live


def test_a_slow_import_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def slowly(name: str, *rest: Any) -> ModuleType:  # noqa: ANN401 - as they come
        if name == "watchfiles":
            time.sleep(notice.PROBE_SECONDS + 0.2)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", slowly)
    with Notices(tmp_path, lambda _: None) as notices:
        assert notices.live
