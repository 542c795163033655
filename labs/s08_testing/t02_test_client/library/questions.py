"""What the reading assistant is asked for."""

import json
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from library.assistant import Assistant
from library.books import CatalogueDep, find_book

router = APIRouter()


def get_assistant(request: Request) -> Assistant:
    """Give the assistant of the app."""
    assistant: Assistant = request.app.state.assistant
    return assistant


AssistantDep = Annotated[Assistant, Depends(get_assistant)]


class Question(BaseModel):
    """A question of a reader."""

    text: str


@router.post("/questions")
async def ask(question: Question, assistant: AssistantDep) -> dict[str, str]:
    """Answer a question."""
    return {"answer": await assistant.answer(question.text)}


@router.get("/books/{book_id}/summary")
async def stream_summary(
    book_id: int, catalogue: CatalogueDep, assistant: AssistantDep
) -> StreamingResponse:
    """Stream a summary: a line of JSON for each word, and a last one that says done."""
    book = find_book(catalogue, book_id)

    async def lines() -> AsyncIterator[str]:
        async for word in assistant.summarise(book.title):
            yield json.dumps({"word": word}) + "\n"
        yield json.dumps({"done": True}) + "\n"

    return StreamingResponse(lines(), media_type="application/x-ndjson")
