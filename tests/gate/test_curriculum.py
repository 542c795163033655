"""The gate: each of the eight points of each topic, and no stray file in any room.

`checker author verify` proves the same, side by side and for one place.
"""

from collections.abc import Callable

import pytest

from checker.authoring.kernels import Kernels
from checker.authoring.lint import Findings
from checker.authoring.points import Judges, check_point
from checker.authoring.subject import Point, begun_topics, load_subject, missing_room_problems
from checker.authoring.tree import stray_files
from checker.catalog import Catalog

BEGUN = [topic.id for topic in begun_topics(Catalog(), "all")]


@pytest.mark.parametrize("topic_id", BEGUN)
@pytest.mark.parametrize("point", Point)
def test_topic(
    curriculum: Catalog,
    judges: Judges,
    lint: Callable[[], Findings],
    kernels: Kernels | None,
    point: Point,
    topic_id: str,
) -> None:
    """Nothing is left to do for this point of this topic."""
    topic = curriculum.find(topic_id)
    if point is Point.ROOMS:
        missing = missing_room_problems(curriculum.layout.content, curriculum.rooms(topic))
        assert missing == []
    subject = load_subject(curriculum, topic)
    assert check_point(subject, point, judges, lint, kernels) == []


def test_no_file_belongs_to_no_topic(curriculum: Catalog) -> None:
    """Every file in every room belongs to a topic of the outline."""
    assert stray_files(curriculum) == []
