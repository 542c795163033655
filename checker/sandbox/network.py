"""Attempts to leave a sandbox without a network, as the kernel counts them."""

import contextlib
from pathlib import Path

_PROC = Path("/proc")


def refused_ways(pid: int, proc: Path = _PROC) -> int:
    """Count how often somebody in a process's network was told that no way leads to an address.

    Nothing that runs there can change the number; connections to its own machine are not in it.
    """
    place = proc / str(pid) / "net"
    return _of_version_4(place / "snmp") + _of_version_6(place / "snmp6")


def _of_version_4(file: Path) -> int:
    with contextlib.suppress(OSError, ValueError):
        names, values = (
            line.split() for line in file.read_text().splitlines() if line.startswith("Ip:")
        )
        return int(values[names.index("OutNoRoutes")])
    return 0


def _of_version_6(file: Path) -> int:
    with contextlib.suppress(OSError, ValueError):
        for line in file.read_text().splitlines():
            name, value = line.split()
            if name == "Ip6OutNoRoutes":
                return int(value)
    return 0
