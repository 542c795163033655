"""What the library lets in, and how it says no. Data and routes are ready; you write the rules."""

from collections.abc import Collection
from datetime import date
from typing import Annotated, Literal, Self

from fastapi import FastAPI, HTTPException, Query, Request, status
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field, StrictBool, field_validator, model_validator


class Book(BaseModel):
    """A book of the library."""

    isbn: str
    title: str
    language: str
    year: int
    on_shelf: bool


BOOKS = [
    Book(isbn="9780807083697", title="Kindred", language="en", year=1979, on_shelf=True),
    Book(isbn="9780802130303", title="Ficciones", language="es", year=1944, on_shelf=False),
    Book(isbn="9788804425540", title="Marcovaldo", language="it", year=1963, on_shelf=True),
    Book(isbn="9780060512750", title="The Dispossessed", language="en", year=1974, on_shelf=False),
    Book(isbn="9789875666481", title="Rayuela", language="es", year=1963, on_shelf=True),
]

app = FastAPI(title="Lending library")
books = {book.isbn: book for book in BOOKS}


def find_books(
    language: str | None, on_shelf: bool | None, years: Collection[int] | None
) -> list[Book]:
    """Find the books that fit; None (and no years) means that any will do."""
    return [
        book
        for book in books.values()
        if language in (None, book.language)
        and on_shelf in (None, book.on_shelf)
        and (not years or book.year in years)
    ]


# region list_books: GET /books narrows by language (en, es, it), on_shelf and any number of years.
@app.get("/books")
def list_books(
    language: Literal["en", "es", "it"] | None = None,
    on_shelf: bool | None = None,
    year: Annotated[list[int] | None, Query()] = None,
) -> list[Book]:
    """Answer the books that fit every filter."""
    return find_books(language, on_shelf, year)


# endregion


# region name_isbn: An Isbn is a text of 13 digits, the first 978 or 979; a list has 1 to 5 of them.
Isbn = Annotated[str, Field(pattern=r"^97[89][0-9]{10}$")]


class ReadingList(BaseModel):
    """Books that belong together."""

    name: str
    isbns: Annotated[list[Isbn], Field(min_length=1, max_length=5)]


@app.get("/books/{isbn}")
def read_book(isbn: Isbn) -> Book:
    """Answer one book."""
    if isbn not in books:
        raise HTTPException(status.HTTP_404_NOT_FOUND, f"No book {isbn}")
    return books[isbn]


# endregion


@app.post("/reading-lists", status_code=status.HTTP_201_CREATED)
def create_reading_list(reading_list: ReadingList) -> ReadingList:
    """Take in a list and answer it as it was understood."""
    return reading_list


# region check_review: The text is trimmed, 3 words or more; tags are in lower case, none twice.
class ReviewIn(BaseModel):
    """What a reader thinks of a book."""

    stars: Annotated[int, Field(ge=1, le=5)]
    text: str
    tags: list[str] = []

    @field_validator("text")
    @classmethod
    def trim(cls, text: str) -> str:
        """Cut off the spaces around the text and refuse what says nothing."""
        text = text.strip()
        if len(text.split()) < 3:
            raise ValueError("a review has at least 3 words")
        return text

    @field_validator("tags")
    @classmethod
    def lower(cls, tags: list[str]) -> list[str]:
        """Write the tags in lower case and refuse a repeated one."""
        tags = [tag.lower() for tag in tags]
        if len(set(tags)) < len(tags):
            raise ValueError("a tag is given once")
        return tags


# endregion


@app.post("/reviews", status_code=status.HTTP_201_CREATED)
def create_review(review: ReviewIn) -> ReviewIn:
    """Take in a review and answer it as it was understood."""
    return review


# region check_loan: A loan ends 1 to 28 days after it starts; by post it needs an address.
class LoanIn(BaseModel):
    """A loan as a reader asks for it; without `until` it is open-ended."""

    since: date
    until: date | None = None
    by: Literal["desk", "post"] = "desk"
    address: str | None = None

    @model_validator(mode="after")
    def check(self) -> Self:
        """Compare the fields with one another."""
        if self.until is not None and not 1 <= (self.until - self.since).days <= 28:
            raise ValueError("a loan lasts 1 to 28 days")
        if self.by == "post" and not self.address:
            raise ValueError("a loan by post needs an address")
        return self


# endregion


@app.post("/loans", status_code=status.HTTP_201_CREATED)
def create_loan(loan: LoanIn) -> LoanIn:
    """Take in a loan and answer it as it was understood."""
    return loan


Cents = Annotated[int, Field(ge=1)]
fees = [50, 120, 300, 1_250]


@app.get("/fees")
def list_fees(at_least: Cents = 1) -> list[int]:
    """Answer the fees that are not paid yet."""
    return [fee for fee in fees if fee >= at_least]


# region pay_fee: A payment has an integer in cents, true or false in in_cash, nothing converted.
class PaymentIn(BaseModel):
    """A payment at the desk."""

    cents: Annotated[Cents, Field(strict=True)]
    in_cash: StrictBool
    paid_on: date


# endregion


@app.post("/payments", status_code=status.HTTP_201_CREATED)
def pay_fee(payment: PaymentIn) -> PaymentIn:
    """Take in a payment and answer it as it was understood."""
    return payment


assistant = FastAPI(title="Reading assistant")  # an app of its own, with its own handlers
app.mount("/assistant", assistant)


class Question(BaseModel):
    """A question to the reading assistant."""

    prompt: Annotated[str, Field(max_length=80)]
    reader_card: Annotated[str, Field(min_length=8)]

    @field_validator("prompt")
    @classmethod
    def is_a_question(cls, prompt: str) -> str:
        """Refuse what does not ask."""
        if not prompt.endswith("?"):
            raise ValueError("a question ends with a question mark")
        return prompt


@assistant.post("/questions")
def ask(question: Question) -> dict[str, str]:
    """Answer a question, as well as we can before section 5.10."""
    return {"answer": f"I looked for {question.prompt!r} and found {len(books)} books."}


# region explain_refusal: The assistant answers 422 with all errors under `problems`, without input.
@assistant.exception_handler(RequestValidationError)
async def explain_refusal(_: Request, error: RequestValidationError) -> JSONResponse:
    """Answer the errors without what was sent."""
    problems = [
        {key: value for key, value in entry.items() if key != "input"} for entry in error.errors()
    ]
    return JSONResponse(
        {"problems": jsonable_encoder(problems)}, status.HTTP_422_UNPROCESSABLE_CONTENT
    )


# endregion
