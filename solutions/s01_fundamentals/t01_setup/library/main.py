"""The app. In the folder that holds pyproject.toml, `fastapi dev` serves it."""

import os
import sys

from fastapi import FastAPI
from pydantic import BaseModel

# region list_books: BOOKS is the list that shelf.py, the module next to this one, holds.
from .shelf import BOOKS

# endregion

app = FastAPI(title="Lending library")


# A finished path operation, to read and to copy from.
@app.get("/health")
def read_health() -> dict[str, str]:
    """Answer that the service is up."""
    return {"status": "ok"}


# region say_welcome: GET / answers {"message": "Welcome to the lending library"}.
@app.get("/")
def say_welcome() -> dict[str, str]:
    """Welcome whoever comes in."""
    return {"message": "Welcome to the lending library"}


# endregion


@app.get("/books")
def list_books() -> list[dict[str, str]]:
    """Answer the books on the shelf."""
    return BOOKS


class Process(BaseModel):
    """The process that answers: what it was started for, and in which Python."""

    environment: str
    virtual_environment: bool


# region describe_process: GET /process answers a Process that tells the truth, however it started.
@app.get("/process")
def describe_process() -> Process:
    """Answer how this very process runs."""
    return Process(
        environment=os.environ.get("FASTAPI_ENV", "production"),
        virtual_environment=sys.prefix != sys.base_prefix,
    )


# endregion
