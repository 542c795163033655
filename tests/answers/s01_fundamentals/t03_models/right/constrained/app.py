"""The same contracts with pydantic's own types, response_model, dicts and polymorphic answers."""

from typing import Any

from fastapi import APIRouter, FastAPI, HTTPException
from pydantic import (
    BaseModel,
    Field,
    NonNegativeInt,
    PositiveInt,
    SerializeAsAny,
    SkipValidation,
    conlist,
    constr,
    field_validator,
)

router = APIRouter()


class BookIn(BaseModel):
    title: constr(min_length=1, max_length=120)  # type: ignore[valid-type]  # built at run time
    pages: NonNegativeInt = Field(gt=0)
    genres: conlist(str, max_length=3) = Field(default_factory=list)  # type: ignore[valid-type]  # built at run time


class Contact(BaseModel):
    email: str
    phone: str | None = Field()
    newsletter: bool = Field(default=False)
    nickname: str | None = Field(default=None)


class Person(BaseModel):
    name: str
    email: str


class SignUp(Person):
    password: str


class Shown(Person):
    id: int


stored: list[dict[str, Any]] = [
    {"id": 1, "name": "Amina", "email": "amina@example.org", "secret": "9f2c"},
    {"id": 2, "name": "Jonas", "email": "jonas@example.org", "secret": "51d0"},
]


@router.post("/books", status_code=201)
async def create_book(book: BookIn) -> BookIn:
    return book


@router.put("/readers/{reader_id}/contact")
async def set_contact(reader_id: int, contact: Contact) -> Contact:  # noqa: ARG001 - the path has it
    return contact


@router.post("/readers", status_code=201, response_model=Shown)
async def sign_up(person: SignUp) -> dict[str, Any]:
    entry = person.model_dump() | {"id": len(stored) + 1}
    stored.append(entry)
    return entry


@router.get("/readers/{reader_id}", response_model=Shown, response_model_exclude_unset=True)
async def one(reader_id: int) -> dict[str, Any]:
    for entry in stored:
        if entry["id"] == reader_id:
            return entry
    raise HTTPException(404)


@router.get("/club")
async def club() -> dict[str, list[Shown]]:
    return {"members": [Shown(**entry) for entry in stored]}


class Medium(BaseModel):
    title: str
    year: int

    @field_validator("title")
    @classmethod
    def not_empty(cls, title: str) -> str:
        if not title:
            raise ValueError("a medium has a title")
        return title


class Ebook(Medium):
    megabytes: float


class Audiobook(Medium):
    narrator: str
    minutes: PositiveInt


shelf: list[Medium] = [
    Medium(title="Kindred", year=1979),
    Ebook(title="Solaris", year=1961, megabytes=1.5),
]


@router.post("/audiobooks", status_code=201)
async def add(audiobook: Audiobook) -> Audiobook:
    shelf.append(audiobook)
    return audiobook


@router.get("/media")
async def media() -> list[SerializeAsAny[SkipValidation[Medium]]]:
    return shelf


class Line(BaseModel):
    book_id: int
    days: PositiveInt = Field(lt=29)


class Address(BaseModel):
    street: str
    city: str


class Loan(BaseModel):
    reader_id: int
    lines: list[Line] = Field(min_length=1, max_length=3)
    deliver_to: Address | None = None


@router.post("/loans", status_code=201, response_model=Loan)
async def lend(loan: Loan) -> dict[str, Any]:
    return loan.model_dump()


app = FastAPI()
app.include_router(router)
