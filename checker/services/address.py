"""Where a service is and how to get at it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self


@dataclass(frozen=True, slots=True)
class Address:
    """What a service says when it was reset.

    Args:
        env: variables for labs, lesson cells and suites, such as REDIS_URL.
        control: what only the judge may know: rights and secrets that a lab does not get.
        ports: the ports of 127.0.0.1 that a sandboxed lab must reach.
    """

    env: Mapping[str, str]
    control: Mapping[str, str] = field(default_factory=dict)
    ports: tuple[int, ...] = ()

    def line(self) -> dict[str, object]:
        """Give it as JSON data."""
        return {"env": dict(self.env), "control": dict(self.control), "ports": list(self.ports)}

    @classmethod
    def read(cls, line: Mapping[str, object]) -> Self:
        """Read what `line` gave."""
        env, control, ports = line["env"], line["control"], line["ports"]
        assert isinstance(env, dict)
        assert isinstance(control, dict)
        assert isinstance(ports, list)
        return cls(env, control, tuple(ports))
