"""Tests of those who have logged in; they are right, and need the fixture `log_in`."""

from collections.abc import Callable

from fastapi import FastAPI
from fastapi.testclient import TestClient


def test_each_reader_is_who_logged_in(log_in: Callable[[str], TestClient]) -> None:
    ada, bob = log_in("Ada"), log_in("Bob")
    assert ada.get("/me").json() == {"name": "Ada", "role": "reader"}
    assert bob.get("/me").json() == {"name": "Bob", "role": "reader"}


def test_a_librarian_sees_who_reads(log_in: Callable[[str], TestClient]) -> None:
    response = log_in("Cleo").get("/readers")
    assert response.status_code == 200
    assert response.json() == ["Ada", "Bob", "Cleo"]


def test_others_stay_strangers(app: FastAPI, log_in: Callable[[str], TestClient]) -> None:
    log_in("Ada")
    assert TestClient(app).get("/me").status_code == 401
