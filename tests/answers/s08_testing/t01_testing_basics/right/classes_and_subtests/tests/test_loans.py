"""Tests of loans: how long they last, and who may borrow."""

from datetime import date, timedelta

import pytest

from library.rules import Kind, LoanRefused, admit, due_date

# region cover_kinds: One parametrised test that covers all kinds, and the Sunday.
MONDAY = date(2026, 6, 1)


@pytest.mark.parametrize("kind, days", [("book", 28), ("magazine", 14), ("film", 7)])
@pytest.mark.parametrize("weekday", range(7))
def test_due_date(kind: str, days: int, weekday: int) -> None:
    lent = MONDAY + timedelta(days=weekday)
    due = due_date(Kind(kind), lent)
    assert (due - lent).days == (days + 1 if weekday == 6 else days)


# endregion


# region expect_refusal: Tests of both refusals, and of a reader who may borrow.
@pytest.mark.parametrize(
    "loans, owed, reason",
    [
        (3, 0, "Three loans at a time."),
        (4, 0, "Three loans at a time."),
        (2, 0.01, "Pay your fine first."),
    ],
)
def test_refusal(loans: int, owed: float, reason: str) -> None:
    with pytest.raises(LoanRefused) as caught:
        admit(loans, owed)
    assert str(caught.value) == reason


@pytest.mark.parametrize("loans", [0, 1, 2])
def test_no_refusal(loans: int) -> None:
    admit(loans)


# endregion
