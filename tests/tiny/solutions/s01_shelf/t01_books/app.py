"""The books on one shelf."""

from fastapi import FastAPI, HTTPException

app = FastAPI()
BOOKS = [{"id": 1, "title": "Emma"}, {"id": 2, "title": "Ulysses"}]


# region list_books: GET /books answers 200 with all books under the key "books".
@app.get("/books")
def read_books() -> dict[str, object]:
    """List every book."""
    return {"books": BOOKS}


# endregion


# region find_book: GET /books/{book_id} answers with the book, or 404.
@app.get("/books/{book_id}")
def read_book(book_id: int) -> dict[str, object]:
    """Give a book."""
    for book in BOOKS:
        if book["id"] == book_id:
            return book
    raise HTTPException(404, "no such book")


# endregion
