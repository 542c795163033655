"""Real services, started for the topics that declare them and ended with what started them.

A service is one module here and one entry in `registry.SERVICES`. The module runs in a process of
its own, its keeper, which starts the real thing, resets it between checks, and ends it.
"""

from checker.services.address import Address
from checker.services.running import Services

__all__ = ["Address", "Services"]
