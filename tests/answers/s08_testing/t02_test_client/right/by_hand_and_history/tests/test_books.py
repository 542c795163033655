"""Tests of what is sent along with a request: query, header, JSON, form and file."""

from fastapi.testclient import TestClient


# region send_requests: Tests of two shelves in one query, of the reviewer, and of a cover.
class TestRequests:
    def test_query(self, client: TestClient) -> None:
        shelves = {book["shelf"] for book in client.get("/books?shelf=S&shelf=A").json()}
        assert shelves == {"S", "A"}

    def test_header_and_json(self, client: TestClient) -> None:
        client.headers["X-Reader"] = "Bob"
        client.post("/books/3/reviews", json={"stars": 1})
        (review,) = client.get("/books/3/reviews").json()
        assert (review["reader"], review["stars"]) == ("Bob", 1)

    def test_form_and_file(self, client: TestClient) -> None:
        picture = ("ship.jpg", b"1234567")
        cover = client.post(
            "/books/3/cover", files=[("alt", (None, "A ship")), ("cover", picture)]
        ).json()
        assert cover == {"book": "Ulysses", "name": "ship.jpg", "size": 7, "alt": "A ship"}


# endregion
