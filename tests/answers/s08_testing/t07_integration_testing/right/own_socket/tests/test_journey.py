"""Tests of whole journeys: a reader comes, borrows, and asks."""

from uuid import uuid4

import httpx2


# region walk_through: Tests that walk through the running library, from the book to the answer.
class TestJourney:
    """One journey with a text that nobody else has."""

    def test_all_of_it(self, client: httpx2.Client) -> None:
        text = f"Zoë hid the key {uuid4().hex} under the mat."
        book = client.post("/books", json={"title": "Keys", "text": text}).json()["id"]
        loans = [
            client.post("/loans", json={"book_id": book, "reader": reader})
            for reader in ("Ada", "Ben")
        ]
        assert [loan.status_code for loan in loans] == [201, 409]
        asked = {"question": "Where is the key?"}
        answer = client.post(f"/loans/{loans[0].json()['id']}/questions", json=asked).json()
        assert text in answer["answer"]
        assert client.get(f"/books/{book}/text").content == text.encode()


# endregion
