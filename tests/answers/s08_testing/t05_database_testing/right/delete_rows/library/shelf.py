"""What the library does: functions that take a session and commit what they have done."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from library.models import Book, Loan


class Refused(Exception):
    """Say why something is not done; nothing of it is written."""


def add_book(session: Session, isbn: int, title: str) -> Book:
    """Add a book; Refused when there is one of this ISBN."""
    book = Book(isbn=isbn, title=title)
    session.add(book)
    _commit(session, "There is a book of this ISBN.")
    return book


def search(session: Session, text: str) -> Sequence[Book]:
    """Find the books whose title holds a text, in capital letters or small ones, by title."""
    found = select(Book).where(Book.title.icontains(text)).order_by(Book.title)
    return session.scalars(found).all()


def lend(session: Session, book_id: int, reader_id: int, now: datetime) -> Loan:
    """Lend a book; Refused when it is out, or when there is no such book or reader."""
    out = select(Loan).where(Loan.book_id == book_id, Loan.returned.is_(None))
    if session.scalar(out) is not None:
        raise Refused("The book is out.")
    loan = Loan(book_id=book_id, reader_id=reader_id, lent=now)
    session.add(loan)
    _commit(session, "There is no such book or reader.")
    return loan


def give_back(session: Session, loan_id: int, now: datetime) -> None:
    """Note that a book is back; Refused when there is no such loan."""
    loan = session.get(Loan, loan_id)
    if loan is None:
        raise Refused("There is no such loan.")
    loan.returned = now
    session.commit()


def _commit(session: Session, reason: str) -> None:
    try:
        session.commit()
    except IntegrityError as error:
        session.rollback()
        raise Refused(reason) from error
