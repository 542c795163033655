"""Tests of loans and of errors, over HTTP and in the store."""

import asyncio

import httpx2
import pytest
from fastapi import FastAPI

from library.assistant import RuleModel

pytestmark = pytest.mark.anyio


# region ask_async: Tests of what a loan leaves in the store, and of an error's answer.
async def test_a_loan_is_written_down(app: FastAPI, client: httpx2.AsyncClient) -> None:
    response = await client.post("/books/Walden/loans", json={"reader": "Ada"})
    assert response.status_code == 201
    assert await app.state.store.loans_of("Ada") == ["Walden"]


async def test_an_error_tells_nothing(
    app: FastAPI, model: RuleModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(question: str) -> str:
        raise ConnectionError(f"no answer to {question}, key sk-123")

    monkeypatch.setattr(model, "write", fail)
    transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://library") as client:
        response = await client.post("/answers", json={"text": "Who is Emma?"})
    assert response.status_code == 500
    assert response.json() == {"detail": "Out of order."}


# endregion


# region at_once: Tests that send two requests at the same time.
async def test_the_last_copy_is_lent_once(client: httpx2.AsyncClient) -> None:
    answers = await asyncio.gather(
        client.post("/books/Emma/loans", json={"reader": "Ada"}),
        client.post("/books/Emma/loans", json={"reader": "Ben"}),
    )
    assert sorted(answer.status_code for answer in answers) == [201, 409]


async def test_two_copies_come_back(client: httpx2.AsyncClient) -> None:
    await asyncio.gather(client.post("/books/Walden/returns"), client.post("/books/Walden/returns"))
    response = await client.get("/books/Walden")
    assert response.json()["copies"] == 5


# endregion
