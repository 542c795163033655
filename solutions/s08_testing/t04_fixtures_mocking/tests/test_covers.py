"""Tests of `find_cover`, without the service."""

import httpx2
import pytest

from library.covers import SERVICE, CoversDown, find_cover

pytestmark = pytest.mark.anyio


# region answer_for_service: Tests of what the service is asked, and of each answer it may give.
def covers(answer: httpx2.Response | Exception, asked: list[str]) -> httpx2.AsyncClient:
    """Give a client whose every request is answered the same, and noted."""

    def handle(request: httpx2.Request) -> httpx2.Response:
        asked.append(request.url.path)
        if isinstance(answer, Exception):
            raise answer
        return answer

    return httpx2.AsyncClient(transport=httpx2.MockTransport(handle), base_url=SERVICE)


async def test_the_service_is_asked_without_hyphens() -> None:
    asked: list[str] = []
    found = httpx2.Response(200, json={"url": "https://covers.example/1.png"})
    async with covers(found, asked) as client:
        assert await find_cover(client, "978-0-14-143958-7") == "https://covers.example/1.png"
    assert asked == ["/covers/9780141439587"]


async def test_there_may_be_no_cover() -> None:
    async with covers(httpx2.Response(404), []) as client:
        assert await find_cover(client, "9780141439587") is None


@pytest.mark.parametrize(
    "trouble", [httpx2.Response(500), httpx2.ReadTimeout("late")], ids=["error", "timeout"]
)
async def test_trouble_is_told(trouble: httpx2.Response | Exception) -> None:
    async with covers(trouble, []) as client:
        with pytest.raises(CoversDown):
            await find_cover(client, "9780141439587")


# endregion
