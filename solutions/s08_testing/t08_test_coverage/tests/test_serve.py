"""Tests of what starts the server."""

import asyncio

from library.serve import choose_loop


def test_a_loop_that_runs() -> None:
    with asyncio.Runner(loop_factory=choose_loop()) as runner:
        assert runner.run(asyncio.sleep(0, "done")) == "done"
