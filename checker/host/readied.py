"""What each run of pytest does first, done once: a fork that runs tests finds it done.

Half of the time of a short run goes into two things that depend on nothing but pytest itself: its
own plugins are registered, and they are looked through for fixtures.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import ModuleType

import _pytest.config
from _pytest.config import Config
from _pytest.fixtures import FixtureFunctionDefinition, FixtureManager

# Packages whose plugins do not change while we run; the learner's are looked through each time.
_CONSTANT = ("_pytest.", "anyio.", "checker.")
_NOTHING = ModuleType("nothing")


class Readied:
    """A configuration for one run, with pytest's own plugins.

    Args:
        arguments: those with which the run begins; `-p no:...` among them is obeyed.
    """

    def __init__(self, arguments: Sequence[str]) -> None:
        self._arguments = tuple(arguments)
        self._config: Config | None = _pytest.config.get_config(
            self._arguments, prog="pytest.main()"
        )

    @contextmanager
    def used(self) -> Iterator[None]:
        """Let the first `pytest.main` of a block take it; those within that one make their own."""
        original = _pytest.config.get_config

        def get_config(
            args: Iterable[str] | None = None,
            plugins: Sequence[object] | None = None,
            *,
            prog: str | None = None,
        ) -> Config:
            _pytest.config.get_config = original
            args = tuple(args or ())
            config, self._config = self._config, None
            if config is None or args[: len(self._arguments)] != self._arguments:
                return original(args, plugins, prog=prog)
            config.invocation_params = Config.InvocationParams(
                args=args, plugins=plugins, dir=Path.cwd()
            )
            return config

        _pytest.config.get_config = get_config
        try:
            with fixtures_remembered():
                yield
        finally:
            _pytest.config.get_config = original


@contextmanager
def fixtures_remembered() -> Iterator[None]:
    """Let pytest look through each plugin of its own, and of ours, only once for fixtures.

    Outside of such blocks nothing of ours takes part in pytest: a learner may measure its lines.
    """
    FixtureManager.parsefactories = _parse  # type: ignore[method-assign]  # takes the same
    try:
        yield
    finally:
        FixtureManager.parsefactories = _parse_all  # type: ignore[method-assign]  # as it was


_parse_all: Callable[..., None] = FixtureManager.parsefactories


def _parse(self: FixtureManager, *arguments: object, **named: object) -> None:
    if "holder" in named:
        named["holder"] = _only_fixtures(named["holder"])
    _parse_all(self, *arguments, **named)


def _only_fixtures(plugin: object) -> object:
    """Give something that holds the fixtures of a constant plugin and little else."""
    looked_through = plugin if isinstance(plugin, (ModuleType, type)) else type(plugin)
    module = looked_through.__name__ if plugin is looked_through else looked_through.__module__
    if not module.startswith(_CONSTANT):
        return plugin
    found = _fixtures(looked_through)
    if isinstance(plugin, ModuleType):
        return found
    return plugin if len(vars(found)) > len(vars(_NOTHING)) else _NOTHING


@cache
def _fixtures(looked_through: ModuleType | type) -> ModuleType:
    """Give a module with the fixtures of another, or of a class, under the names they have there.

    pytest, too, looks for the fixtures of an object in its class.
    """
    found = ModuleType(looked_through.__name__)
    for name in dir(looked_through):
        value = getattr(looked_through, name, None)
        if type(value) is FixtureFunctionDefinition:
            setattr(found, name, value)
    return found
