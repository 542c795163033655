"""Tests of loans: one reader must not get at another's."""

from collections.abc import Callable

from fastapi.testclient import TestClient


# region keep_apart: Tests that Ada can neither see nor return what Bob has borrowed.
def test_ada_does_not_see_the_loan_of_bob(log_in: Callable[[str], TestClient]) -> None:
    ada = log_in("Ada")
    assert ada.get("/loans/1").json()["title"] == "Emma"
    assert ada.get("/loans/2").status_code == 404
    assert [loan["id"] for loan in ada.get("/loans").json()] == [1]


def test_ada_does_not_return_the_book_of_bob(log_in: Callable[[str], TestClient]) -> None:
    ada, bob = log_in("Ada"), log_in("Bob")
    assert ada.delete("/loans/2").status_code == 404
    assert bob.get("/loans/2").json()["title"] == "Dracula"


# endregion
