"""What readers and the assistant say to each other, as JSON in text frames. Leave it alone."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field, TypeAdapter


class Question(BaseModel):
    """A question for the model; `id` tells the reader which answer belongs to it."""

    type: Literal["question"]
    id: int
    text: str


class PagesQuery(BaseModel):
    """A question that needs no model: how many pages this author's books have, on average."""

    type: Literal["pages"]
    id: int
    author: str


class Answer(BaseModel):
    """The answer to the message of the same `id`."""

    type: Literal["answer"] = "answer"
    id: int
    text: str


class Problem(BaseModel):
    """An error that the connection survives: `code` for the program, `text` for the reader."""

    type: Literal["error"] = "error"
    code: Literal["bad_message", "model_failed"]
    text: str
    id: int | None = None


Message = Question | PagesQuery
_adapter: TypeAdapter[Message] = TypeAdapter(Annotated[Message, Field(discriminator="type")])


def read_message(text: str) -> Message:
    """Read a reader's message; raises pydantic.ValidationError if it is none."""
    return _adapter.validate_json(text)
