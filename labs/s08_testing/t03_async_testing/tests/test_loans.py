"""Tests of loans and of errors, over HTTP and in the store."""

import asyncio

import httpx2
import pytest
from fastapi import FastAPI

from library.assistant import RuleModel

pytestmark = pytest.mark.anyio


# region ask_async: Tests of what a loan leaves in the store, and of an error's answer.
# endregion


# region at_once: Tests that send two requests at the same time.
# endregion
