"""Do a unit of work: in a thread of this machine or in a worker of a cluster, all the same."""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from threading import Event

from checker.catalog import Catalog, Topic
from checker.errors import CheckerError, EnvironmentFaultError
from checker.files import tree_digest, write_tree
from checker.grading.model import Receipt
from checker.grading.work import (
    Result,
    TopicWork,
    Work,
    WorkRefusedError,
    curriculum_digest,
    pack_results,
)
from checker.judge.client import Judge
from checker.kinds import Verdict
from checker.report import TopicReport
from checker.sandbox.limits import HostLimits, SandboxLevel

LEAVES_TRACES = (Verdict.BROKEN, Verdict.TIMEOUT)
Tell = Callable[[bytes], None]


def judge_work(data: bytes, tell: Tell | None = None) -> bytes:
    """Judge one student's topics.

    It holds no lock of the interpreter while it waits, so that threads can do this side by side.

    Args:
        data: a `Work`, as bytes.
        tell: gets each `Result`, as bytes, as soon as it is there.

    Returns:
        All results; read them with `unpack_results`.

    Raises:
        WorkRefusedError: this worker would judge by other rules.
        CheckerError: a topic does not exist here.
    """
    work = Work.from_bytes(data)
    catalog = Catalog()
    _require_same(work, catalog)
    results = []
    with open_judge(work, catalog) as judge:
        for result in judge_topics(work, judge, catalog):
            results.append(result)
            if tell is not None:
                tell(result.to_bytes())
    return pack_results(results)


def judge_topics(
    work: Work, judge: Judge, catalog: Catalog, stopped: Event | None = None
) -> Iterator[Result]:
    """Judge one student's topics by a judge whose sandbox is fresh; give each verdict at once.

    What a lab that did not load or end has left behind troubles none of the other topics.

    Args:
        work: what to judge.
        judge: judges it.
        catalog: of the curriculum.
        stopped: when it is set, whatever the judge says is no verdict any more.
    """
    stopped = stopped or Event()
    for one in work.topics:
        for repeat in one.repeats:
            result = _judge(work, one, repeat, judge, catalog, stopped)
            if stopped.is_set():
                return
            yield result
            if result.report.verdict in LEAVES_TRACES:
                judge.renew()


def open_judge(work: Work, catalog: Catalog) -> Judge:
    """Make a judge as the order wants it."""
    return Judge(catalog, work.sandbox, limits=HostLimits.read(work.limits), grading=True)


def _require_same(work: Work, catalog: Catalog) -> None:
    if work.curriculum != curriculum_digest(catalog):
        raise WorkRefusedError(
            f"This worker has version {catalog.version} as the order does, but other lessons, "
            "suites or code.",
            "Install the same files on every worker and start the workers anew.",
        )


def _judge(
    work: Work, one: TopicWork, repeat: int, judge: Judge, catalog: Catalog, stopped: Event
) -> Result:
    """Judge one topic; an `error` is tried again with a fresh judge."""
    topic = catalog.find(one.topic)
    tries, report = 1, _check(work, topic, one, judge, catalog)
    while report.verdict is Verdict.ERROR and tries < work.tries and not stopped.is_set():
        judge.close()  # the next check starts another
        tries, report = tries + 1, _check(work, topic, one, judge, catalog)
    level = _level(judge)
    receipt = Receipt(
        code=tree_digest(one.tree),
        suite=one.suite,
        seed=work.seed,
        repeat=repeat,
        checker=work.checker,
        versions=report.versions,
        limits={**work.limits, **asdict(catalog.lesson(topic).limits)},
        sandbox=level.text,
        trusted=level.trusted,
    )
    return Result(work.student, one.topic, one.due, report, receipt, tries)


def _level(judge: Judge) -> SandboxLevel:
    """Tell what stands around the code; nothing is told of a judge that does not come up."""
    try:
        return judge.level
    except EnvironmentFaultError:
        return SandboxLevel()


def _check(work: Work, topic: Topic, one: TopicWork, judge: Judge, catalog: Catalog) -> TopicReport:
    """Give the judge's report, or an `error` report when it cannot give one."""
    with tempfile.TemporaryDirectory(prefix="checker-", ignore_cleanup_errors=True) as room:
        try:
            write_tree(one.tree, Path(room) / "lab")
            return judge.check(topic, Path(room) / "lab", work.seed)
        except EnvironmentFaultError as error:
            fault: CheckerError = error
        except (OSError, ValueError) as error:
            fault = EnvironmentFaultError(
                f"The files of {topic.id} cannot be written here: {error}.",
                "Free some space in the folder for temporary files, or name another in TMPDIR.",
            )
    return _faulted(work, one, catalog, fault)


def _faulted(work: Work, one: TopicWork, catalog: Catalog, error: CheckerError) -> TopicReport:
    from checker.judge.one import CheckOrder
    from checker.judge.run import faulted

    order = CheckOrder(one.topic, "", work.seed, "", {}, sandbox=work.sandbox)
    return faulted(catalog, order.run(catalog, {}), {}, error)
