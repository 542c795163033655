"""Tests of the assistant's use of time."""

import asyncio

import pytest

from library.assistant import Assistant, RuleModel

pytestmark = pytest.mark.anyio


# region no_sleep: Tests of the deadline and of the hour, without waiting for either.
# endregion
