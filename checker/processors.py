"""Which processors there are to work with."""

import os


def usable() -> list[int]:
    """List the numbers of the processors that this process may run on; at least one."""
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return list(range(os.cpu_count() or 1))
