"""Preloaded for labs that run coverage.py, which looks up the stack when it starts."""

import inspect

import coverage.cmdline  # noqa: F401


def warm_up() -> None:
    """Let `inspect` find out, and keep, which module each file belongs to: there are thousands."""
    inspect.stack()
