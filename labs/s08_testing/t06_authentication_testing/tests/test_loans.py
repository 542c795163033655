"""Tests of loans: one reader must not get at another's."""

from collections.abc import Callable

from fastapi.testclient import TestClient


# region keep_apart: Tests that Ada can neither see nor return what Bob has borrowed.
# endregion
