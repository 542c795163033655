"""Tests of whole journeys: a reader comes, borrows, and asks."""

import httpx2


# region walk_through: Tests that walk through the running library, from the book to the answer.
def add(client: httpx2.Client, text: str) -> int:
    """Add a book and give its id."""
    response = client.post("/books", json={"title": "A Book", "text": text})
    assert response.status_code == 201
    return int(response.json()["id"])


def test_a_reader_borrows_and_asks(client: httpx2.Client) -> None:
    book = add(client, "The lighthouse of Skerryvore has 151 steps.")
    loan = client.post("/loans", json={"book_id": book, "reader": "Ada"})
    assert loan.status_code == 201
    questions = f"/loans/{loan.json()['id']}/questions"
    answer = client.post(questions, json={"question": "How many steps has the lighthouse?"})
    assert answer.status_code == 200
    assert "151 steps" in answer.json()["answer"]


def test_a_book_that_is_out_is_not_lent(client: httpx2.Client) -> None:
    wanted = {"book_id": add(client, "A text."), "reader": "Ada"}
    assert client.post("/loans", json=wanted).status_code == 201
    assert client.post("/loans", json=wanted).status_code == 409


def test_a_text_comes_back_whole(client: httpx2.Client) -> None:
    text = "Charlotte Brontë wrote it."
    assert client.get(f"/books/{add(client, text)}/text").text == text


# endregion
