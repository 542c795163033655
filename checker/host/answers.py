"""Keep what the app answered a test last, which may be why the test failed."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from .facts import Refused
from .values import jsonable_list

UNPROCESSABLE = 422
MOST_ERRORS = 4


def watch_answers(keep: Callable[[object], None]) -> None:
    """Hand on each answer that a client of httpx2 gets, as `TestClient` is one."""
    import httpx2

    send, async_send = httpx2.Client.send, httpx2.AsyncClient.send

    @wraps(send)
    def noted_send(*args: Any, **kwargs: Any) -> httpx2.Response:  # noqa: ANN401 - as they come
        response = send(*args, **kwargs)
        keep(response)
        return response

    @wraps(async_send)
    async def noted_async_send(*args: Any, **kwargs: Any) -> httpx2.Response:  # noqa: ANN401 - too
        response = await async_send(*args, **kwargs)
        keep(response)
        return response

    httpx2.Client.send = noted_send  # type: ignore[method-assign]
    httpx2.AsyncClient.send = noted_async_send  # type: ignore[method-assign]


def refusal_of(response: object) -> Refused | None:
    """Tell what FastAPI found wrong with a request, if this is such an answer."""
    import httpx2

    if not isinstance(response, httpx2.Response) or response.status_code != UNPROCESSABLE:
        return None
    try:
        errors = jsonable_list(response.json()["detail"])
    except (ValueError, LookupError, TypeError, httpx2.StreamError):
        return None
    request = response.request
    return {
        "request": f"{request.method} {request.url.path}",
        "content_type": request.headers.get("content-type", ""),
        "errors": errors[:MOST_ERRORS],
    }
