"""Tests of loans and of errors, over HTTP and in the store."""

import asyncio

import httpx2
import pytest
from fastapi import FastAPI

from library.app import create_app

pytestmark = pytest.mark.anyio


# region ask_async: Tests of what a loan leaves in the store, and of an error's answer.
async def test_a_loan_is_written_down(app: FastAPI, client: httpx2.AsyncClient) -> None:
    store = app.state.store
    assert await store.loans_of("Ben") == []
    await client.post("/books/Emma/loans", json={"reader": "Ben"})
    assert await store.loans_of("Ben") == ["Emma"]


class BrokenModel:
    """A model whose every answer is an error."""

    async def write(self, question: str) -> str:
        raise RuntimeError(f"{question}: secret")

    async def aclose(self) -> None:
        """Close nothing."""


async def test_an_error_tells_nothing() -> None:
    app = create_app(BrokenModel())
    transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
    client = httpx2.AsyncClient(transport=transport, base_url="http://test")
    async with app.router.lifespan_context(app):
        response = await client.post("/answers", json={"text": "Why?"})
    assert response.is_server_error
    assert "secret" not in response.text


# endregion


# region at_once: Tests that send two requests at the same time.
async def test_the_last_copy_is_lent_once(client: httpx2.AsyncClient) -> None:
    statuses = []

    async def borrow(reader: str) -> None:
        response = await client.post("/books/Emma/loans", json={"reader": reader})
        statuses.append(response.status_code)

    async with asyncio.TaskGroup() as group:
        for reader in ("Ada", "Ben", "Cy"):
            group.create_task(borrow(reader))
    assert statuses.count(201) == 1


async def test_copies_come_back(client: httpx2.AsyncClient) -> None:
    tasks = [asyncio.create_task(client.post("/books/Walden/returns")) for _ in range(3)]
    answers = [await task for task in tasks]
    assert {answer.json()["copies"] for answer in answers} == {4, 5, 6}


# endregion
