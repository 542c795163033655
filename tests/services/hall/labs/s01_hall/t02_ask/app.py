"""Answers of the reading assistant, streamed."""

from collections.abc import AsyncIterator

from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from openai import AsyncOpenAI

app = FastAPI()
client = AsyncOpenAI(max_retries=0)


async def generate(question: str) -> AsyncIterator[str]:
    """Give the answer, token by token."""
    yield ""


@app.get("/ask")
async def ask(question: str) -> StreamingResponse:
    """Stream the answer."""
    return StreamingResponse(generate(question), media_type="text/plain")
