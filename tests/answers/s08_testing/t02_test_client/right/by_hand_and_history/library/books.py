"""Books: the list, their reviews, their covers."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Header, HTTPException, Query, Request, UploadFile
from pydantic import BaseModel

from library.catalogue import Book, Catalogue, NewReview, Review

router = APIRouter(prefix="/books")


def get_catalogue(request: Request) -> Catalogue:
    """Give the catalogue that the app has opened."""
    catalogue: Catalogue = request.app.state.catalogue
    return catalogue


CatalogueDep = Annotated[Catalogue, Depends(get_catalogue)]


def find_book(catalogue: Catalogue, book_id: int) -> Book:
    """Give a book, or answer 404."""
    if book_id not in catalogue.books:
        raise HTTPException(404, "No such book.")
    return catalogue.books[book_id]


class Cover(BaseModel):
    """What came with the picture of a cover."""

    book: str
    name: str | None
    size: int
    alt: str


@router.get("")
def list_books(
    catalogue: CatalogueDep, shelf: Annotated[list[str] | None, Query()] = None
) -> list[Book]:
    """List the books of all shelves, or of those named, each by a `shelf` in the query."""
    wanted = shelf or [book.shelf for book in catalogue.books.values()]
    return [book for book in catalogue.books.values() if book.shelf in wanted]


@router.get("/{book_id}/reviews")
def list_reviews(book_id: int, catalogue: CatalogueDep) -> list[Review]:
    """List the reviews of a book."""
    reviews: list[Review] = catalogue.reviews(find_book(catalogue, book_id))
    return reviews


@router.post("/{book_id}/reviews", status_code=201)
def create_review(
    book_id: int,
    new: NewReview,
    catalogue: CatalogueDep,
    x_reader: Annotated[str, Header()] = "anonymous",
) -> Review:
    """Add a review by the reader whom the header X-Reader names."""
    review = Review(reader=x_reader, **new.model_dump())
    catalogue.reviews(find_book(catalogue, book_id)).append(review)
    return review


@router.post("/{book_id}/cover", status_code=201)
def upload_cover(
    book_id: int, catalogue: CatalogueDep, cover: UploadFile, alt: Annotated[str, Form()] = ""
) -> Cover:
    """Take the picture of a cover, and with it the words for those who cannot see it."""
    title = find_book(catalogue, book_id).title
    return Cover(book=title, name=cover.filename, size=cover.size or 0, alt=alt)
