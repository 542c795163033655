"""Covers of books, from a service on the internet."""

import httpx2

SERVICE = "https://covers.library.example"


class CoversDown(Exception):
    """Say that the service gives no proper answer."""


def open_covers() -> httpx2.AsyncClient:
    """Make a client of the service."""
    return httpx2.AsyncClient(base_url=SERVICE, timeout=2)


async def find_cover(client: httpx2.AsyncClient, isbn: str) -> str | None:
    """Ask for the address of a cover by its ISBN, without hyphens; None if there is no cover.

    Raises:
        CoversDown: the service answers with an error, or not in time.
    """
    try:
        response = await client.get(f"/covers/{isbn.replace('-', '')}")
        if response.status_code == httpx2.codes.NOT_FOUND:
            return None
        response.raise_for_status()
    except httpx2.HTTPError as error:
        raise CoversDown(SERVICE) from error
    return str(response.json()["url"])
