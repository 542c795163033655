"""Tests of loans: what the routes answer, and what is in the database then."""

from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from library.models import Book, Loan, Reader


# region look_inside: Tests that ask the routes of loans, and then look into the table of loans.
# endregion
