"""Tests of `find_cover`, without the service."""

import httpx2
import pytest

from library.covers import SERVICE, CoversDown, find_cover

pytestmark = pytest.mark.anyio


# region answer_for_service: Tests of what the service is asked, and of each answer it may give.
ISBN = "978-0-14-143958-7"


@pytest.fixture
def service() -> httpx2.AsyncClient:
    """Give a client of a service that answers by the last digit of the ISBN."""

    async def answer(request: httpx2.Request) -> httpx2.Response:
        match request.url.path[-1]:
            case "1":
                raise httpx2.ConnectTimeout("late", request=request)
            case "2":
                return httpx2.Response(500)
            case "3":
                return httpx2.Response(404)
        return httpx2.Response(200, json={"url": request.url.path})

    return httpx2.AsyncClient(transport=httpx2.MockTransport(answer), base_url=SERVICE)


async def test_covers(service: httpx2.AsyncClient, subtests: pytest.Subtests) -> None:
    with subtests.test("a cover"):
        assert await find_cover(service, ISBN) == "/covers/9780141439587"
    with subtests.test("no cover"):
        assert await find_cover(service, "3") is None
    for isbn in ("1", "2"):
        with subtests.test("trouble", isbn=isbn), pytest.raises(CoversDown):
            await find_cover(service, isbn)


# endregion
