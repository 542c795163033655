"""The reading assistant, which asks a language model."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, status
from pydantic import BaseModel

Model = Callable[[str], Awaitable[str]]


class Question(BaseModel):
    """What a reader asks."""

    text: str


class Answer(BaseModel):
    """What the assistant says; `found` is false where it has nothing to say."""

    text: str
    found: bool


async def complete(prompt: str) -> str:
    """Complete a prompt: the place of the real model in this lab."""
    return f"Look under {prompt[:1].upper()}."


def get_model() -> Model:
    """Give the model; tests put another in its place."""
    return complete


router = APIRouter(prefix="/questions")


@router.post("")
async def answer_question(
    question: Question, model: Annotated[Model, Depends(get_model)]
) -> Answer:
    """Answer a reader; 503 if the model takes too long, and when to ask again."""
    try:
        text = await model(question.text)
    except TimeoutError:
        raise HTTPException(
            status.HTTP_503_SERVICE_UNAVAILABLE,
            "The assistant is busy.",
            headers={"Retry-After": "5"},
        ) from None
    if not text.strip():
        return Answer(text="I do not know.", found=False)
    return Answer(text=text.strip(), found=True)
