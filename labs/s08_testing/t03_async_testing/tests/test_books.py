"""Tests of what an app can do when it has started; they are right, and need `client`."""

import httpx2
import pytest

pytestmark = pytest.mark.anyio


async def test_a_book_is_on_the_shelf(client: httpx2.AsyncClient) -> None:
    response = await client.get("/books/Walden")
    assert response.status_code == 200
    assert response.json() == {"book": "Walden", "copies": 3}


async def test_each_test_has_an_app_of_its_own(client: httpx2.AsyncClient) -> None:
    await client.post("/books/Emma/loans", json={"reader": "Ada"})
    response = await client.get("/books/Emma")
    assert response.json() == {"book": "Emma", "copies": 0}


async def test_the_only_copy_can_be_lent(client: httpx2.AsyncClient) -> None:
    response = await client.post("/books/Emma/loans", json={"reader": "Ben"})
    assert response.status_code == 201
