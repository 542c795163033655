"""What the gate's tests share: curriculum, warm judges and kernels, one run of ruff and mypy."""

from collections.abc import Callable, Iterator

import pytest

from checker.authoring.gate import open_judges
from checker.authoring.kernels import Kernels, open_kernels
from checker.authoring.lint import Findings, lint_topics
from checker.authoring.points import Judges
from checker.authoring.subject import begun_topics
from checker.catalog import Catalog


@pytest.fixture(scope="session")
def curriculum() -> Catalog:
    """Read the curriculum of this checkout."""
    return Catalog()


@pytest.fixture(scope="session")
def judges(curriculum: Catalog) -> Iterator[Judges]:
    """Keep the judges warm for all tests; there is another process of tests beside this one."""
    with open_judges(curriculum, 2) as (judges, _):
        yield judges


@pytest.fixture(scope="session")
def kernels(curriculum: Catalog) -> Iterator[Kernels | None]:
    """Offer kernels for all notebooks."""
    with open_kernels(len(begun_topics(curriculum, "all"))) as kernels:
        yield kernels


@pytest.fixture(scope="session")
def lint(curriculum: Catalog) -> Callable[[], Findings]:
    """Run ruff and mypy once, when the first solution asks."""
    found: list[Findings] = []

    def findings() -> Findings:
        if not found:
            found.append(lint_topics(curriculum, begun_topics(curriculum, "all")))
        return found[0]

    return findings
