"""Tests of the mails to readers who are late, without a mail server."""

from datetime import date

import pytest

from library.loans import Loan
from library.reminders import remind

pytestmark = pytest.mark.anyio
LOANS = [
    Loan(1, "Emma", "Ada", date(2026, 6, 1)),
    Loan(2, "Walden", "Ben", date(2026, 7, 1)),
]


# region mock_mailer: A test of the mail that `remind` sends, by a mock with the mailer's spec.
class FakeMailer:
    """A mailer that keeps what it should send."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, str]] = []

    async def send(self, reader: str, subject: str, text: str) -> None:
        self.sent.append((reader, subject, text))


async def test_who_is_late_gets_a_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    mailer = FakeMailer()
    monkeypatch.setattr("library.reminders.open_mailer", lambda: mailer)
    await remind(LOANS, date(2026, 6, 8))
    assert mailer.sent == [("Ada", "Please bring back", "Emma")]


# endregion
