"""Tests of loans: how long they last, and who may borrow."""

from datetime import date

import pytest

from library.rules import Kind, LoanRefused, admit, due_date


# region cover_kinds: One parametrised test that covers all kinds, and the Sunday.
# endregion


# region expect_refusal: Tests of both refusals, and of a reader who may borrow.
# endregion
