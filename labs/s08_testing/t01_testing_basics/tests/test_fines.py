"""Tests of the fine for a late return."""

import pytest

from library.rules import fine


# region judge_fine: Tests that notice each mistake one can make in `fine`.
# endregion
