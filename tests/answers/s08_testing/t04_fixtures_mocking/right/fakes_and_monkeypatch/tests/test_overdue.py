"""Tests of who is late; they are right, and need `make_loan`."""

from collections.abc import Callable
from datetime import date

from library.loans import Loan, overdue

TODAY = date(2026, 6, 8)


def test_a_loan_is_overdue_when_its_day_has_passed(make_loan: Callable[..., Loan]) -> None:
    late, due_today = make_loan(due=date(2026, 6, 7)), make_loan(due=TODAY)
    assert overdue([late, due_today], TODAY) == [late]


def test_what_is_back_is_not_overdue(make_loan: Callable[..., Loan]) -> None:
    assert overdue([make_loan(due=date(2026, 6, 1), returned=True)], TODAY) == []


def test_the_longest_overdue_comes_first(make_loan: Callable[..., Loan]) -> None:
    days = [date(2026, 6, 3), date(2026, 5, 20), date(2026, 6, 1)]
    loans = [make_loan(due=day) for day in days]
    assert [loan.due for loan in overdue(loans, TODAY)] == sorted(days)


def test_only_what_matters_is_given(make_loan: Callable[..., Loan]) -> None:
    loan = make_loan(book="Walden")
    assert (loan.number, loan.book, loan.returned) == (1, "Walden", False)
    assert all([loan.reader, loan.due])


def test_each_loan_has_a_number_of_its_own(make_loan: Callable[..., Loan]) -> None:
    assert [make_loan().number for _ in range(3)] == [1, 2, 3]
