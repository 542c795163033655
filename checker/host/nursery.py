"""A process that is warm once for many sandboxes: each gets a fork of it as its host.

No learner's code ever runs here: the fork first enters a sandbox that stands already, gives up all
rights and becomes a host there. Orders come on a socket, one a message, with the files that become
the host's standard input, output and error:

    {"modules": [...]}                          imported for all hosts to come
    {"pid": N, "user": N, "groups": [...], "nice": N, "oom_score": "N", "run_dir": DIR, ...}
"""

import contextlib
import json
import os
import signal
import socket
import traceback
from pathlib import Path
from typing import Any, NoReturn

from .entering import enter, give_up_rights, rights
from .listening import listen
from .processes import adopt_orphans, die_with_parent
from .standby import ROUNDS
from .surroundings import apply_limits
from .warm import freeze, practise, preload, warm_up
from .zygote import Zygote

LONGEST = 65536


def serve(orders: socket.socket) -> None:
    """Warm up and give hosts until the other side hangs up."""
    die_with_parent()
    warm_up()
    for _ in range(ROUNDS):
        practise()
    freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how a host ended
    while True:
        data, files, _, _ = socket.recv_fds(orders, LONGEST, 3)
        if not data:
            return
        order = json.loads(data)
        if "modules" in order:
            with contextlib.suppress(ImportError, RuntimeError):
                preload(order["modules"])
            continue
        pid = os.fork()
        if pid == 0:
            _lead_in(order, files, orders)
        for file in files:
            os.close(file)


def _lead_in(order: dict[str, Any], files: list[int], orders: socket.socket) -> NoReturn:
    """Go into the sandbox; what is forked there is its host, and this process waits for its end."""
    try:
        orders.close()
        die_with_parent()
        for number, file in enumerate(files):
            os.dup2(file, number)
            os.close(file)
        for group in order["groups"]:
            Path(group, "cgroup.procs").write_text("0")
        os.nice(order["nice"])
        with contextlib.suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text(order["oom_score"])
        enter(order["pid"], order["user"])
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        pid = os.fork()
        if pid == 0:
            _be_host(order)
        os.closerange(0, 2)
        os.waitpid(pid, 0)
    except BaseException:  # noqa: BLE001 - the process ends here; its last line is read
        traceback.print_exc()
    finally:
        os._exit(0)


def _be_host(order: dict[str, Any]) -> NoReturn:
    try:
        os.setsid()
        give_up_rights()
        if rights():
            raise PermissionError("there are rights left")
        die_with_parent()
        adopt_orphans()
        os.environ.clear()
        os.environ.update(order["env"])
        os.umask(0o022)
        run_dir = Path(order["run_dir"])
        os.chdir(run_dir)
        apply_limits(order["limits"])
        listener = listen(run_dir, "uds")
        listener.announce()
        Zygote(listener, run_dir, "uds", reserve=order["reserve"]).serve()
    except BaseException:  # noqa: BLE001
        traceback.print_exc()
    finally:
        os._exit(70)
