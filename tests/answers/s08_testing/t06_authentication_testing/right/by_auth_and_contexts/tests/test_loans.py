"""Tests of loans: one reader must not get at another's."""

from collections.abc import Callable

from fastapi import FastAPI
from fastapi.testclient import TestClient


# region keep_apart: Tests that Ada can neither see nor return what Bob has borrowed.
def test_nothing_of_others(app: FastAPI, log_in: Callable[[str], TestClient]) -> None:
    ada, before = log_in("Ada"), dict(app.state.loans)
    for method in ("GET", "DELETE"):
        other, missing = (ada.request(method, f"/loans/{number}") for number in (2, 99))
        assert other.status_code == missing.status_code == 404
        assert other.json() == missing.json()
    assert app.state.loans == before


# endregion
