"""The judges that the gate works with: warm, and sandboxed where this machine can."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from checker.authoring.judged import AT_ONCE
from checker.authoring.points import Judges
from checker.authoring.subject import Point
from checker.authoring.verify import Tell, Verification, verify
from checker.catalog import Catalog
from checker.judge.client import Judge
from checker.sandbox import bubblewrap_available

JUDGES = AT_ONCE + 2  # those that a topic asks at once, beside two topics with trials


def verify_place(
    catalog: Catalog, place: str, points: tuple[Point, ...], tell: Tell = lambda _: None
) -> Verification:
    """Prove the points for the topics of a place with judges of its own.

    Raises:
        UsageError: there is no such place.
    """
    with open_judges(catalog) as (judges, notes):
        return verify(catalog, place, points, judges, tell, notes)


@contextmanager
def open_judges(catalog: Catalog, number: int = JUDGES) -> Iterator[tuple[Judges, tuple[str, ...]]]:
    """Offer judges, which start when they are first asked, and notes on what they cannot do."""
    trouble = bubblewrap_available()
    sandbox = "bare" if trouble else "bubblewrap"
    notes = (f"labs were judged without a sandbox: {trouble}",) if trouble else ()
    with ExitStack() as stack:
        memory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="checker-")))
        judges = [Judge(catalog, sandbox, memory=memory, grading=True) for _ in range(number)]
        for judge in judges:
            stack.callback(judge.close)
        yield Judges(judges), notes
