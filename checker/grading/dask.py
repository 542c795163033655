"""A Dask cluster as an executor, when its workers judge as this machine does."""

import logging
import warnings
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor
from contextlib import ExitStack, contextmanager
from typing import Any

import checker
from checker.catalog import Catalog
from checker.errors import CheckerError, EnvironmentFaultError
from checker.grading.work import WorkRefusedError, curriculum_digest

SCHEMES = {"dask": "tcp", "dask+tls": "tls"}
PATIENCE_SECONDS = 30.0
RETRIES = 3
_SETTINGS = {
    # A submission may weigh some megabytes; Dask warns of graphs that large.
    "distributed.admin.large-graph-warning-threshold": "1GB",
}


@contextmanager
def open_dask(scheduler: str, patience: float = PATIENCE_SECONDS) -> Iterator[Executor]:
    """Give the executor of a running cluster.

    Dask gives the work of a worker that died to another one. Work during which `allowed-failures`
    (3) workers died is given up: see `cluster_fault`.

    Args:
        scheduler: Dask's address: tcp://HOST:PORT or tls://HOST:PORT.
        patience: seconds to wait for the scheduler, and for its first worker.

    Raises:
        EnvironmentFaultError: Dask is not installed, or nobody answers.
        WorkRefusedError: a worker would judge by other rules.
    """
    with ExitStack() as stack:
        client = _client(stack, scheduler, patience)
        _require_workers(client, scheduler, patience)
        _require_same(client)
        executor = client.get_executor(pure=False, retries=RETRIES)
        try:
            yield executor
        except BaseException:
            executor.shutdown(wait=False)
            raise


def cluster_fault(error: BaseException) -> CheckerError:
    """Explain why a future of any executor has no result; errors of ours stay as they are."""
    if isinstance(error, CheckerError):
        return error
    return EnvironmentFaultError(
        f"The work was not done: {type(error).__name__}: {error}.",
        "Look at the log of the workers, and run the same command again: results so far are kept.",
    )


def _client(stack: ExitStack, scheduler: str, patience: float) -> Any:  # noqa: ANN401 - Dask is optional
    """Connect to the scheduler, without Dask's own words on stderr."""
    try:
        import dask.config
        from distributed import Client
    except ImportError as error:
        raise EnvironmentFaultError(
            "A Dask cluster needs Dask, which is not installed.",
            "Run `pip install 'fastapi-workbook[cluster]'` here and on every worker.",
        ) from error
    stack.enter_context(dask.config.set(_SETTINGS))
    stack.enter_context(_hushed("distributed"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # versions are compared below, by us
            client: Any = Client
            return stack.enter_context(client(scheduler, timeout=patience, set_as_default=False))
    except (OSError, ValueError) as error:  # a timeout is an OSError; a bad address a ValueError
        raise EnvironmentFaultError(
            f"No Dask scheduler answers at {scheduler} ({error}).",
            "Start one with `dask scheduler` and name the address that it prints; where it wants "
            "TLS, as dask+tls://HOST:PORT.",
        ) from error


def _require_workers(client: Any, scheduler: str, patience: float) -> None:  # noqa: ANN401
    try:
        client.wait_for_workers(1, timeout=patience)
    except TimeoutError as error:
        raise EnvironmentFaultError(
            f"The Dask scheduler at {scheduler} has no workers.",
            f"Start some with `dask worker {scheduler}`, on machines with this workbook.",
        ) from error


def rules() -> tuple[str, str]:
    """Give what two machines must share to judge alike: version and digest of the curriculum."""
    return checker.__version__, curriculum_digest(Catalog())


def _require_same(client: Any) -> None:  # noqa: ANN401
    """Refuse a cluster in which a worker has another version of Dask, Python or the workbook."""
    own = rules()
    try:
        found: Mapping[str, object] = client.run(rules, on_error="return")
        client.get_versions(check=True)
    except ValueError as error:
        raise WorkRefusedError(
            f"The workers have other versions than this machine: {error}",
            "Install the same versions everywhere, for example from constraints.txt.",
        ) from error
    wrong = {name: said for name, said in found.items() if said != own}
    if wrong:
        name, said = next(iter(wrong.items()))
        raise WorkRefusedError(
            f"{len(wrong)} of {len(found)} workers would judge by other rules; {name} "
            f"{_difference(own, said)}.",
            f"Install version {own[0]} of the workbook, the same files, on every worker and start "
            "the workers anew.",
        )


def _difference(own: tuple[str, str], said: object) -> str:
    if not isinstance(said, tuple):
        return f"answered {type(said).__name__}: {said}"
    if said[0] != own[0]:
        return f"has version {said[0]}"
    return "has other lessons, suites or code"


@contextmanager
def _hushed(name: str) -> Iterator[None]:
    """Keep a package's log off the screen: what matters of it is raised."""
    known = [one for one in logging.root.manager.loggerDict if f"{one}.".startswith(f"{name}.")]
    levels = {one: logging.getLogger(one).level for one in known}
    for one in levels:
        logging.getLogger(one).setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for one, level in levels.items():
            logging.getLogger(one).setLevel(level)
