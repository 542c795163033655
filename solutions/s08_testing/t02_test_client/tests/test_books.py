"""Tests of what is sent along with a request: query, header, JSON, form and file."""

from fastapi.testclient import TestClient


# region send_requests: Tests of two shelves in one query, of the reviewer, and of a cover.
def test_several_shelves(client: TestClient) -> None:
    response = client.get("/books", params={"shelf": ["A", "J"]})
    assert response.status_code == 200
    assert [book["title"] for book in response.json()] == ["Emma", "Ulysses"]


def test_a_review_names_its_reader(client: TestClient) -> None:
    review = {"stars": 4, "text": "Slow, but good."}
    response = client.post("/books/1/reviews", json=review, headers={"X-Reader": "Ada"})
    assert response.status_code == 201
    assert response.json() == review | {"reader": "Ada"}


def test_a_cover_comes_with_its_words(client: TestClient) -> None:
    response = client.post(
        "/books/1/cover",
        data={"alt": "A girl reads."},
        files={"cover": ("emma.png", b"\x89PNG", "image/png")},
    )
    assert response.status_code == 201
    assert response.json() == {
        "book": "Emma",
        "name": "emma.png",
        "size": 4,
        "alt": "A girl reads.",
    }


# endregion
