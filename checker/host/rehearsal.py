"""A launch of a small app, once, to find out which pages of memory launches touch."""

import contextlib
import json
import os
import shutil
import signal
import socket
import threading
from pathlib import Path
from typing import NoReturn

from .child import run_order
from .orders import Order
from .pages import own_pages
from .results import clean_up
from .wire import Wire

NUMBER = 0
LONGEST = 10
APP = '''
from typing import Annotated

from fastapi import FastAPI, HTTPException, Query, Response, status
from pydantic import BaseModel

app = FastAPI(title="Rehearsal")


class BookIn(BaseModel):
    """A book without its number."""

    title: str
    pages: int | None = None


class Book(BookIn):
    """A book."""

    id: int


BOOKS = {1: Book(id=1, title="The Trial")}


@app.get("/books")
def list_books(start: Annotated[int, Query(ge=0)] = 0) -> list[Book]:
    """List the books."""
    return list(BOOKS.values())[start:]


@app.get("/books/{number}")
async def read_book(number: int) -> Book:
    """Give one book."""
    if number not in BOOKS:
        raise HTTPException(status.HTTP_404_NOT_FOUND)
    return BOOKS[number]


@app.post("/books", status_code=status.HTTP_201_CREATED)
async def create_book(book: BookIn, response: Response) -> Book:
    """Store a book."""
    BOOKS[2] = Book(id=2, **book.model_dump())
    response.headers["location"] = "/books/2"
    return BOOKS[2]
'''
_BODY = b'{"title": "Amerika"}'
_REQUESTS = (
    b"GET /books?start=0 HTTP/1.1\r\nhost: lab\r\n\r\n",
    b"GET /books/7 HTTP/1.1\r\nhost: lab\r\n\r\n",
    b"GET /books/x HTTP/1.1\r\nhost: lab\r\n\r\n",
    b"POST /books HTTP/1.1\r\nhost: lab\r\ncontent-type: application/json\r\n"
    b"content-length: %d\r\n\r\n%b" % (len(_BODY), _BODY),
)


def prepare(run_dir: Path, transport: str) -> Order:
    """Write the app and give the order of its launch."""
    folder = run_dir / "rehearsal"
    folder.mkdir(exist_ok=True)
    (folder / "app.py").write_text(APP, encoding="utf-8")
    return Order("launch", NUMBER, run_dir, transport, folder)


def tidy(order: Order) -> None:
    """Remove what the rehearsal left."""
    shutil.rmtree(order.folder, ignore_errors=True)
    with contextlib.suppress(OSError):
        order.log.unlink(missing_ok=True)
    clean_up(order)


def rehearse(order: Order, result: int) -> NoReturn:
    """Launch and use the app in this detached process; write its pages as JSON to `result`."""
    signal.alarm(LONGEST)
    judges, launches = socket.socketpair()
    threading.Thread(target=_use, args=(Wire.over_socket(judges), result), daemon=True).start()
    run_order(order, Wire.over_socket(launches))


def _use(wire: Wire, result: int) -> None:
    try:
        for event in wire:
            if event["event"] == "ready":
                _request(event["address"])
                with open(result, "w", encoding="utf-8") as file:
                    json.dump(own_pages(), file)
                return
    finally:
        os._exit(0)


def _request(address: object) -> None:
    assert isinstance(address, dict)
    for request in _REQUESTS:
        if "uds" in address:
            connection = socket.socket(socket.AF_UNIX)
            connection.connect(address["uds"])
        else:
            connection = socket.create_connection((address["host"], address["port"]))
        with connection:
            connection.sendall(request)
            connection.recv(65536)
