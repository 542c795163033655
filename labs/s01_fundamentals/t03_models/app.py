"""What the lending library takes in and gives out. The routes are ready; you shape their models."""

import hashlib
from typing import Annotated

from fastapi import FastAPI, HTTPException, status
from pydantic import BaseModel, Field

app = FastAPI(title="Lending library")


# region describe_book: BookIn has a title (1-120 characters), pages (1 or more), up to 3 genres.
class BookIn(BaseModel):
    """A book as a client describes it."""

    title: str
    pages: int
    genres: list[str]


# endregion


@app.post("/books", status_code=status.HTTP_201_CREATED)
def create_book(book: BookIn) -> BookIn:
    """Take in a book and answer it as it was understood."""
    return book


# region set_contact: Contact requires email and phone, not newsletter, nickname; two may be null.
class Contact(BaseModel):
    """How a reader can be reached."""

    email: str = ""
    phone: str | None = None
    newsletter: bool | None = None
    nickname: str | None = None


# endregion


contacts: dict[int, Contact] = {}


@app.put("/readers/{reader_id}/contact")
def set_contact(reader_id: int, contact: Contact) -> Contact:
    """Keep a reader's contact and answer it as it was understood."""
    contacts[reader_id] = contact
    return contact


class ReaderIn(BaseModel):
    """A reader who signs up."""

    name: str
    email: str
    password: str


def hash_password(password: str) -> str:
    """Scramble a password for storage; section 5.5 does it with Argon2."""
    return hashlib.pbkdf2_hmac("sha256", password.encode(), b"library", 1_000).hex()


# region show_reader: A reader leaves the library as id, name and email; nothing of a password does.
class StoredReader(BaseModel):
    """A reader as the library keeps them."""

    id: int
    name: str
    email: str
    password_hash: str


class Club(BaseModel):
    """A reading club."""

    name: str
    members: list[StoredReader]


readers = {
    1: StoredReader(id=1, name="Amina", email="amina@example.org", password_hash="9f2c"),
    2: StoredReader(id=2, name="Jonas", email="jonas@example.org", password_hash="51d0"),
}


@app.post("/readers", status_code=status.HTTP_201_CREATED)
def create_reader(reader: ReaderIn) -> StoredReader:
    """Sign a reader up."""
    stored = StoredReader(
        id=len(readers) + 1,
        name=reader.name,
        email=reader.email,
        password_hash=hash_password(reader.password),
    )
    readers[stored.id] = stored
    return stored


@app.get("/readers/{reader_id}")
def read_reader(reader_id: int) -> StoredReader:
    """Answer one reader."""
    if reader_id not in readers:
        raise HTTPException(status.HTTP_404_NOT_FOUND, f"No reader {reader_id}")
    return readers[reader_id]


@app.get("/club")
def read_club() -> Club:
    """Answer the club that every reader belongs to."""
    return Club(name="Night readers", members=list(readers.values()))


# endregion


class Medium(BaseModel):
    """What every medium on the shelf has."""

    title: Annotated[str, Field(min_length=1)]
    year: int


class Ebook(Medium):
    """A book to read on a screen."""

    megabytes: float


# region add_audiobook: Audiobook is a Medium with a narrator and its minutes (1 or more).
class Audiobook(Medium):
    """A book to listen to."""


# endregion


media: list[Medium] = [
    Medium(title="Kindred", year=1979),
    Ebook(title="Solaris", year=1961, megabytes=1.5),
]


@app.post("/audiobooks", status_code=status.HTTP_201_CREATED)
def add_audiobook(audiobook: Audiobook) -> Audiobook:
    """Put an audiobook on the shelf."""
    media.append(audiobook)
    return audiobook


# region list_media: GET /media answers every medium with all the fields of its own kind.
@app.get("/media")
def list_media() -> list[Medium]:
    """Answer what stands on the shelf."""
    return media


# endregion


# region create_loan: LoanIn has a reader, 1 to 3 lines and, if wanted, an address to deliver to.
class LoanIn(BaseModel):
    """A loan as a client asks for it."""

    reader_id: int
    lines: list[dict[str, object]]


# endregion


@app.post("/loans", status_code=status.HTTP_201_CREATED)
def create_loan(loan: LoanIn) -> LoanIn:
    """Take in a loan and answer it as it was understood."""
    return loan
