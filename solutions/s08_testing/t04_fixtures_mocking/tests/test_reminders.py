"""Tests of the mails to readers who are late, without a mail server."""

from datetime import date
from unittest.mock import create_autospec, patch

import pytest

from library.loans import Loan
from library.mail import Mailer
from library.reminders import remind

pytestmark = pytest.mark.anyio
LOANS = [
    Loan(1, "Emma", "Ada", date(2026, 6, 1)),
    Loan(2, "Walden", "Ben", date(2026, 7, 1)),
]


# region mock_mailer: A test of the mail that `remind` sends, by a mock with the mailer's spec.
async def test_who_is_late_gets_a_mail() -> None:
    mailer = create_autospec(Mailer, instance=True)
    with patch("library.reminders.open_mailer", return_value=mailer):
        await remind(LOANS, date(2026, 6, 8))
    mailer.send.assert_awaited_once_with("Ada", "Please bring back", "Emma")


# endregion
