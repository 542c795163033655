"""Fixtures for the tests of this folder."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

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
def made() -> list[Loan]:
    """Give the loans that this test has made."""
    return []


@pytest.fixture
def make_loan(made: list[Loan]) -> Callable[..., Loan]:
    """Give a function that makes loans, numbered from 1 in each test."""

    def make(book: str = "Emma", **fields: object) -> Loan:
        usual = Loan(len(made) + 1, book, "Ben", date(2026, 1, 1))
        made.append(replace(usual, **fields))
        return made[-1]

    return make


# endregion


# region override: `client` is signed in as Ada and writes to `loan_book`, and leaves no trace.
@pytest.fixture
def client(loan_book: LoanBook, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    """Give a client whose requests come from Ada."""
    monkeypatch.setitem(app.dependency_overrides, get_loan_book, lambda: loan_book)
    monkeypatch.setitem(app.dependency_overrides, get_reader, lambda: "Ada")
    return TestClient(app)


# endregion
