"""The same rules with enums, Annotated validators, a body of TypeAdapters and a handler by hand."""

import re
from collections import Counter
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, HTTPException, Path, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    Field,
    Strict,
    StringConstraints,
    ValidatorFunctionWrapHandler,
    WithJsonSchema,
    WrapValidator,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError, to_json

router = APIRouter()
shelf: list[dict[str, Any]] = [
    {"isbn": "9780807083697", "title": "Kindred", "language": "en", "year": 1979},
    {"isbn": "9780802130303", "title": "Ficciones", "language": "es", "year": 1944},
    {"isbn": "9788804425540", "title": "Marcovaldo", "language": "it", "year": 1963},
    {"isbn": "9780060512750", "title": "The Dispossessed", "language": "en", "year": 1974},
    {"isbn": "9789875666481", "title": "Rayuela", "language": "es", "year": 1963},
]
for entry in shelf:
    entry["on_shelf"] = entry["title"] not in ("Ficciones", "The Dispossessed")


class Language(StrEnum):
    ENGLISH = "en"
    SPANISH = "es"
    ITALIAN = "it"


class Filters(BaseModel):
    language: Language | None = None
    on_shelf: bool | None = None
    year: set[int] = set()

    def fits(self, book: dict[str, Any]) -> bool:
        return all(
            book[name] in (value if isinstance(value, set) else {value})
            for name, value in self.model_dump(exclude_none=True).items()
            if value != set()
        )


@router.get("/books")
async def search(filters: Annotated[Filters, Query()]) -> list[dict[str, Any]]:
    return [book for book in shelf if filters.fits(book)]


def thirteen_digits(text: str) -> str:
    if not re.fullmatch("97[89][0-9]{10}", text):
        raise PydanticCustomError("isbn", "{text} is no ISBN", {"text": text})
    return text


Isbn = Annotated[str, AfterValidator(thirteen_digits)]


@router.get("/books/{isbn}")
async def one(isbn: Annotated[Isbn, Path()]) -> dict[str, Any]:
    for book in shelf:
        if book["isbn"] == isbn:
            return book
    raise HTTPException(404)


class ReadingList(BaseModel):
    name: str
    isbns: list[Isbn] = Field(min_length=1, max_length=5)


@router.post("/reading-lists", status_code=201)
async def make_list(wanted: ReadingList) -> ReadingList:
    return wanted


def talkative(text: str) -> str:
    assert len(text.split()) >= 3, "a review has at least 3 words"
    return text


class Review(BaseModel):
    stars: int = Field(gt=0, lt=6)
    text: Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(talkative)]
    tags: list[Annotated[str, StringConstraints(to_lower=True)]] = Field(default_factory=list)

    @field_validator("tags", mode="after")
    @classmethod
    def unique(cls, tags: list[str]) -> list[str]:
        twice = [tag for tag, count in Counter(tags).items() if count > 1]
        if twice:
            raise ValueError(f"{twice[0]} is there twice")
        return tags


@router.post("/reviews", status_code=201)
async def review(review: Review) -> Review:
    return review


class Carrier(StrEnum):
    DESK = "desk"
    POST = "post"


class Loan(BaseModel):
    since: date
    until: date | None = None
    by: Carrier = Carrier.DESK
    address: str | None = None

    @model_validator(mode="wrap")
    @classmethod
    def check(cls, data: object, handler: ValidatorFunctionWrapHandler) -> "Loan":
        loan: Loan = handler(data)
        if loan.until and loan.until <= loan.since:
            raise ValueError("the loan is over before it begins")
        if loan.until and loan.until > loan.since + timedelta(days=28):
            raise ValueError("the loan is too long")
        if loan.by is Carrier.POST and not (loan.address or "").strip():
            raise PydanticCustomError("address", "where to?")
        return loan


@router.post("/loans", status_code=201)
async def lend(loan: Loan) -> Loan:
    return loan


def never_guess(value: object) -> object:
    if not isinstance(value, bool):
        raise ValueError("true or false, please")
    return value


class Payment(BaseModel):
    cents: Annotated[int, Strict(), Field(gt=0)]
    in_cash: Annotated[bool, BeforeValidator(never_guess)]
    paid_on: date


@router.post("/payments", status_code=201)
async def pay(payment: Payment) -> Payment:
    return payment


@router.get("/fees")
async def fees(at_least: Annotated[int, Query(gt=0)] = 1) -> list[int]:
    return [fee for fee in (50, 120, 300, 1_250) if fee >= at_least]


def asks(value: object, handler: ValidatorFunctionWrapHandler) -> str:
    prompt: str = handler(value)
    if prompt[-1:] != "?":
        raise ValueError("a question ends with a question mark")
    return prompt


Prompt = Annotated[str, Field(max_length=80), WrapValidator(asks), WithJsonSchema({})]


class Question(BaseModel):
    prompt: Prompt
    reader_card: str = Field(min_length=8)


async def refuse(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    problems = []
    for one in error.errors():
        problem = {key: one[key] for key in ("type", "loc", "msg")}
        if ctx := {k: v for k, v in one.get("ctx", {}).items() if not isinstance(v, Exception)}:
            problem["ctx"] = ctx
        problems.append(problem)
    return Response(to_json({"problems": problems}), 422, media_type="application/json")


assistant = FastAPI(exception_handlers={RequestValidationError: refuse})


@assistant.post("/questions")
async def ask(question: Question) -> str:
    return question.prompt


app = FastAPI()
app.include_router(router)
app.mount("/assistant", assistant)
