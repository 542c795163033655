"""A desk that keeps books, and is right."""

from fastapi import FastAPI, HTTPException

app = FastAPI()
TITLES: list[str] = []


@app.post("/books", status_code=201)
def create_book(title: str) -> dict[str, str | int]:
    """Keep a title; its number is its place."""
    TITLES.append(title)
    return {"title": title, "number": len(TITLES)}


@app.get("/books/{number}")
def get_book(number: int) -> str:
    """Give a title, or 404."""
    if not 1 <= number <= len(TITLES):
        raise HTTPException(404)
    return TITLES[number - 1]
