"""Reminders for readers who are late."""

from collections.abc import Iterable
from datetime import date

from library.loans import Loan, overdue
from library.mail import open_mailer

SUBJECT = "Please bring back"


async def remind(loans: Iterable[Loan], today: date) -> None:
    """Send a mail for each overdue loan, its text the title of the book."""
    mailer = open_mailer()
    for loan in overdue(loans, today):
        await mailer.send(loan.reader, SUBJECT, loan.book)
