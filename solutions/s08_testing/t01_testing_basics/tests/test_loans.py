"""Tests of loans: how long they last, and who may borrow."""

from datetime import date

import pytest

from library.rules import Kind, LoanRefused, admit, due_date


# region cover_kinds: One parametrised test that covers all kinds, and the Sunday.
@pytest.mark.parametrize(
    "kind, lent, due",
    [
        (Kind.BOOK, date(2026, 6, 1), date(2026, 6, 29)),
        (Kind.FILM, date(2026, 6, 1), date(2026, 6, 8)),
        (Kind.MAGAZINE, date(2026, 6, 1), date(2026, 6, 15)),
        (Kind.FILM, date(2026, 6, 7), date(2026, 6, 15)),
        (Kind.FILM, date(2026, 6, 6), date(2026, 6, 13)),
    ],
)
def test_due_date(kind: Kind, lent: date, due: date) -> None:
    assert due_date(kind, lent) == due


# endregion


# region expect_refusal: Tests of both refusals, and of a reader who may borrow.
def test_a_fourth_loan_is_refused() -> None:
    with pytest.raises(LoanRefused, match="Three loans"):
        admit(loans=3)


def test_a_reader_who_owes_is_refused() -> None:
    with pytest.raises(LoanRefused, match="fine first"):
        admit(loans=0, owed=0.10)


def test_a_reader_with_two_loans_may_borrow() -> None:
    admit(loans=2)


# endregion
