"""Do a plan's work, here or elsewhere; results come one by one, in any order."""

import queue
import threading
from collections.abc import Callable, Collection, Generator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor, as_completed

from checker.catalog import Catalog
from checker.errors import CheckerError
from checker.grading.dask import cluster_fault
from checker.grading.judging import judge_topics, judge_work
from checker.grading.store import Answer, Store
from checker.grading.work import Result, Work, WorkRefusedError, unpack_results
from checker.judge.client import Judge
from checker.processors import usable

LONG = 8  # submissions a job
Tell = Callable[[CheckerError], None]


def keep(store: Store, result: Result) -> None:
    """Keep a result; one that is there already counts, unless it was an `error`."""
    answer = Answer(result.student, result.topic, result.receipt.code, result.due)
    store.keep(answer, result.report, result.receipt, result.tries)


def judge_here(
    works: Sequence[Work],
    catalog: Catalog,
    open_judge: Callable[[Collection[int]], Judge],
    jobs: int,
) -> Generator[Result, None, None]:
    """Judge on this machine, a warm judge and a fresh sandbox for each submission.

    Closing the generator ends the judges; the verdict that each of them works on is given up.

    Args:
        works: what to do.
        catalog: of the curriculum; its lessons were read, so that threads only look them up.
        open_judge: makes a judge that keeps to some processors; each is used by one thread.
        jobs: how many submissions at once.
    """
    todo: queue.SimpleQueue[Work] = queue.SimpleQueue()
    for work in longest_first(works):
        todo.put(work)
    found: queue.SimpleQueue[Result | None] = queue.SimpleQueue()
    stopped = threading.Event()

    def serve(processors: Collection[int]) -> None:
        try:
            with open_judge(processors) as judge:
                while not stopped.is_set():
                    work = todo.get_nowait()
                    judge.renew()
                    for result in judge_topics(work, judge, catalog, stopped):
                        found.put(result)
        except queue.Empty:
            return
        finally:
            found.put(None)

    running = max(1, min(jobs, len(works)))
    with ThreadPoolExecutor(running, thread_name_prefix="judge") as pool:
        ends = [pool.submit(serve, own) for own in _share_processors(running, len(works))]
        try:
            while running:
                result = found.get()
                if result is None:
                    running -= 1
                else:
                    yield result
        finally:
            stopped.set()
        for end in ends:
            end.result()


def _share_processors(jobs: int, works: int) -> list[list[int]]:
    """Give each job processors of its own, by their numbers; none where it may use any.

    What a job no longer uses stays idle at the end of the run, which counts when it is short.
    """
    if works < LONG * jobs:
        return [[] for _ in range(jobs)]
    ours = usable()
    if jobs >= len(ours):
        return [[ours[number % len(ours)]] for number in range(jobs)]
    return [ours[number::jobs] for number in range(jobs)]


def judge_elsewhere(
    works: Sequence[Work], executor: Executor, tell: Tell
) -> Generator[Result, None, None]:
    """Judge by an executor, a submission at a time.

    Args:
        works: what to do.
        executor: its workers have the same workbook.
        tell: gets the reason why a submission was not judged; the others are.

    Raises:
        WorkRefusedError: a worker would judge by other rules.
    """
    futures = [executor.submit(judge_work, work.to_bytes()) for work in longest_first(works)]
    for future in as_completed(futures):
        try:
            results = unpack_results(future.result())
        except WorkRefusedError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever an executor raises, the others go on
            tell(cluster_fault(error))
        else:
            yield from results


def longest_first(works: Sequence[Work]) -> list[Work]:
    """Order submissions so that all who judge end at about the same time."""
    return sorted(works, key=lambda work: -sum(len(topic.repeats) for topic in work.topics))
