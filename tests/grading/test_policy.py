"""What points are worth: sums, weights, lateness, scale, and what a policy file may say."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from checker.errors import UsageError
from checker.grading.model import Row
from checker.grading.policy import Late, Policy
from checker.grading.policy_file import parse_policy, read_policy
from tests.grading.class_of import everything, large, topic_lines

DEADLINE = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
WHOLE = """
[weights]
"5.1" = 30
"5.8.4" = 0
[late]
deadline = 2026-12-01T23:59:00+01:00
grace = 15
per_day = 12.5
max = 50
[scale]
to = 100
places = 1
"""


def row_handed_in(after: timedelta | None, *, late: bool | None = None) -> Row:
    """Give Ada's row, who earned 5 of 12, handed in so long after the deadline."""
    ada = everything().rows[0]
    return replace(ada, submitted_at=None if after is None else DEADLINE + after, late=late)


def test_without_a_policy_the_sum_is_the_manifests() -> None:
    for book in (everything(), large()):
        for row in book.rows:
            grade = Policy().grade(book, row)
            assert grade.earned == grade.final == row.points
            assert grade.points == grade.out_of == book.points == sum(t.points for t in book.topics)
            assert grade.penalty == 0


def test_topics_without_a_verdict_are_named() -> None:
    book = everything()
    undecided = [Policy().grade(book, row).undecided for row in book.rows[:3]]
    assert undecided == [(), ("5.1.1", "5.1.2"), ()]


def test_a_weight_is_what_a_topic_or_a_section_is_worth() -> None:
    book = everything()
    ada = book.rows[0]
    assert Policy({"5.1.1": Fraction(10)}).grade(book, ada).earned == 11
    section = Policy({"5.1": Fraction(30)}).grade(book, ada)
    assert (section.earned, section.points) == (Decimal("12.5"), Decimal(30))
    both = Policy({"5.1": Fraction(30), "5.1.2": Fraction(0)}).grade(book, ada)
    assert (both.earned, both.points) == (Decimal(15), Decimal(30))


def test_thirds_are_exact_until_they_are_given_out() -> None:
    book = everything()
    policy = Policy({one: Fraction(1, 3) for one in ("5.1.1", "5.1.2", "5.1.3")})
    assert policy.grade(book, book.rows[3]).final == 1
    assert policy.grade(book, book.rows[0]).final == Decimal("0.42")


@pytest.mark.parametrize(
    "number, text",
    [("0.005", "0.01"), ("0.0049", "0"), ("2.675", "2.68"), ("10", "10"), ("99.995", "100")],
)
def test_half_is_rounded_up(number: str, text: str) -> None:
    assert f"{Policy().rounded(Fraction(number)):f}" == text


@pytest.mark.parametrize(
    "after, penalty",
    [
        (timedelta(0), 0),
        (timedelta(minutes=-5), 0),
        (timedelta(minutes=10), 0),
        (timedelta(minutes=11), Decimal("0.5")),
        (timedelta(days=1), Decimal("0.5")),
        (timedelta(days=1, seconds=1), 1),
        (timedelta(days=30), Decimal("1.5")),
    ],
)
def test_each_day_that_has_begun_costs_a_part_of_what_was_earned(
    after: timedelta, penalty: Decimal | int
) -> None:
    late = Late(DEADLINE, Fraction(10), timedelta(minutes=10), Fraction(30))
    grade = Policy(late=late).grade(everything(), row_handed_in(after))
    assert grade.penalty == penalty
    assert grade.final == 5 - penalty
    assert bool(grade.notes) is bool(penalty)


def test_nothing_is_taken_where_nobody_knows_when_it_came() -> None:
    policy = Policy(late=Late(DEADLINE, Fraction(10)))
    known = policy.grade(everything(), row_handed_in(None))
    said = policy.grade(everything(), row_handed_in(None, late=True))
    assert (known.penalty, known.notes) == (Decimal(0), ())
    assert said.penalty == 0
    assert "nothing says when" in said.notes[0]


def test_the_scale_names_full_points() -> None:
    book = everything()
    grade = Policy(scale=Fraction(10), places=1).grade(book, book.rows[0])
    assert (f"{grade.final:f}", f"{grade.out_of:f}", f"{grade.earned:f}") == ("4.2", "10", "5")
    assert Policy(scale=Fraction(10)).grade_out_of(book) == 10


def test_a_class_without_points_has_no_percent() -> None:
    book = replace(everything(), topics=())
    empty = replace(book.rows[0], cells={})
    assert Policy().grade(book, empty).percent == 0


def test_a_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_text("\ufeff" + WHOLE, "utf-8")
    policy, text = read_policy(tmp_path / "policy.toml")
    assert policy.weights == {"5.1": 30, "5.8.4": 0}
    assert policy.late is not None
    assert policy.late.deadline == datetime(2026, 12, 1, 22, 59, tzinfo=UTC)
    assert policy.late.per_day == Fraction(25, 2)
    assert policy.late.grace == timedelta(minutes=15)
    assert (policy.scale, policy.places) == (Fraction(100), 1)
    assert parse_policy(text) == policy
    assert parse_policy("") == Policy()


@pytest.mark.parametrize(
    "text, words",
    [
        ("[weights\n", "not TOML: .*line 1"),
        ("[wieghts]\n", r"line 1: \[wieghts\] is unknown"),
        ("late = 3\n", r"line 1: \[late\] must be a table"),
        ("[weights]\n5.1 = 3\n", r"'5' in \[weights\] is no section or topic"),
        ('[weights]\n\n"5.1" = -1\n', r"line 3: '5.1' in \[weights\] must be a number from 0"),
        ('[weights]\n"5.1" = true\n', "must be a number"),
        ('[weights]\n"5.1" = nan\n', "must be a number"),
        ('[weights]\n"5.1" = 1e999999999\n', "must be a number"),
        ('[weights]\n"5.1" = 1e-999999\n', "must be a number"),
        ('[weights]\n"5.1" = 1e99999999999999999999\n', "a number that is none"),
        ('[weights]\n"5.1" = "3"\n', "must be a number"),
        ("[late]\nper_day = 10\n", r"line 1: 'deadline' in \[late\] must be a date"),
        ("[late]\ndeadline = 2026-12-01T00:00:00\n", r"line 2: 'deadline' .* time zone"),
        ("[late]\ndeadline = 2026-12-01T00:00:00Z\nper_day = 101\n", "line 3: 'per_day'"),
        ("[late]\ndeadline = 2026-12-01T00:00:00Z\nper_hour = 1\n", "line 3: 'per_hour' .*unknown"),
        ("[scale]\nto = 0\n", "line 2: 'to' .* more than 0"),
        ("[scale]\nplaces = 1.5\n", "line 2: 'places' .* whole number"),
    ],
)
def test_what_is_not_understood_is_named_with_its_line(text: str, words: str) -> None:
    with pytest.raises(UsageError, match=words) as caught:
        parse_policy(text, "p.toml")
    assert caught.value.remedy
    assert caught.value.message.startswith("p.toml")


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        read_policy(tmp_path / "none.toml")
    (tmp_path / "latin.toml").write_bytes(b"# \xe9\n")
    with pytest.raises(UsageError, match="not UTF-8"):
        read_policy(tmp_path / "latin.toml")


def test_weights_of_what_the_class_has_not_are_refused() -> None:
    with pytest.raises(UsageError, match=r"weights 5\.9, and this class has no such topic"):
        Policy({"5.9": Fraction(1)}).check(everything())
    free = tuple(replace(topic, tasks=()) for topic in topic_lines())
    with pytest.raises(UsageError, match="no points to share out"):
        Policy({"5.1": Fraction(1)}).check(replace(everything(), topics=free))
    Policy({"5.1": Fraction(1), "5.1.1": Fraction(2)}).check(everything())
