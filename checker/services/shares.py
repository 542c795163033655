"""Shares of services, so that copies of an app that run side by side do not meet."""

import contextlib
import importlib
import queue
import sys
import threading
from collections.abc import Iterator, Mapping

from checker.services.registry import SERVICES


class Shares:
    """Clean parts of the services of one check: a database each, in the servers that run.

    A service whose module has a context manager `share(control, env, slot, kept)` is divided, where
    `kept` is what it keeps of each slot; the others are common to all, and so are the channels of
    Redis, which know no databases.

    `most` limits how many there can be at once; `common` are the variables that lead to no service.

    Args:
        controls: what a suite needs to hold each service; `shares` limits its parts.
        env: what the lab gets.
    """

    def __init__(self, controls: Mapping[str, dict[str, str]], env: Mapping[str, str]) -> None:
        self._controls = controls
        self._env = env
        variables = {name for service in controls for name in SERVICES[service].variables}
        self.common = {name: value for name, value in env.items() if name not in variables}
        limits = [int(one["shares"]) for one in controls.values() if "shares" in one]
        self.most = min(limits, default=sys.maxsize)
        self._kept: dict[str, dict[int, str]] = {name: {} for name in controls}
        self._taking = threading.Lock()
        self._given = 0
        self._free: queue.SimpleQueue[int] = queue.SimpleQueue()

    @contextlib.contextmanager
    def one(self) -> Iterator[dict[str, str]]:
        """Give the variables that lead to parts that nobody else has now; at most `most` at once.

        Raises:
            OSError: a service is gone.
        """
        slot = self._slot()
        try:
            with contextlib.ExitStack() as stack:
                env = dict(self._env)
                for name, control in self._controls.items():
                    module = importlib.import_module(f"checker.services.{name}")
                    if hasattr(module, "share"):
                        with self._taking:
                            share = module.share(control, self._env, slot, self._kept[name])
                            env |= stack.enter_context(share)
                yield env
        finally:
            self._free.put(slot)

    def _slot(self) -> int:
        try:
            return self._free.get_nowait()
        except queue.Empty:
            self._given += 1
            return self._given - 1
