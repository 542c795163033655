"""The books on one shelf."""

from fastapi import FastAPI, HTTPException

app = FastAPI()
BOOKS = [{"id": 1, "title": "Emma"}, {"id": 2, "title": "Ulysses"}]


# region list_books: GET /books answers 200 with all books under the key "books".
# endregion


# region find_book: GET /books/{book_id} answers with the book, or 404.
@app.get("/books/{book_id}")
def read_book(book_id: int) -> dict[str, object]:
    """Give a book."""
    return {"id": book_id}


# endregion
