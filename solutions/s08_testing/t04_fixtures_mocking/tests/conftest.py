"""Fixtures for the tests of this folder."""

from collections.abc import Callable, Iterator
from datetime import date
from itertools import count

import pytest
from fastapi.testclient import TestClient

from library.app import app, get_loan_book, get_reader
from library.loans import Loan, LoanBook


@pytest.fixture
def anyio_backend() -> str:
    """Run the tests marked `anyio` on asyncio only."""
    return "asyncio"


@pytest.fixture
def loan_book() -> LoanBook:
    """Give a loan book without an entry."""
    return LoanBook()


# region make_data: `make_loan(**fields)` makes a loan; what is not given has a sensible value.
@pytest.fixture
def make_loan() -> Callable[..., Loan]:
    """Give a function that makes loans, numbered from 1 in each test."""
    numbers = count(1)

    def make(**fields: object) -> Loan:
        usual = {
            "number": next(numbers),
            "book": "Emma",
            "reader": "Ada",
            "due": date(2026, 6, 1),
            "returned": False,
        }
        return Loan(**{**usual, **fields})

    return make


# endregion


# region override: `client` is signed in as Ada and writes to `loan_book`, and leaves no trace.
@pytest.fixture
def client(loan_book: LoanBook) -> Iterator[TestClient]:
    """Give a client whose requests come from Ada."""
    app.dependency_overrides[get_reader] = lambda: "Ada"
    app.dependency_overrides[get_loan_book] = lambda: loan_book
    yield TestClient(app)
    app.dependency_overrides.clear()


# endregion
