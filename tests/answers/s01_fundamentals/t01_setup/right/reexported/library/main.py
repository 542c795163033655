import os
import sys
from pathlib import Path

from fastapi import APIRouter, FastAPI
from pydantic import BaseModel

from . import shelf

ENVIRONMENT = os.getenv("FASTAPI_ENV") or "production"

router = APIRouter()


class Welcome(BaseModel):
    message: str = "Welcome to the lending library"


class Process(BaseModel):
    environment: str
    virtual_environment: bool


@router.get("/health")
async def read_health() -> dict[str, str]:
    return {"status": "ok"}


@router.get("/")
async def say_welcome() -> Welcome:
    return Welcome()


@router.get("/books")
async def list_books() -> list[shelf.Book]:
    return shelf.BOOKS


@router.get("/process")
async def describe_process() -> Process:
    mark = Path(sys.prefix) / "pyvenv.cfg"
    return Process(environment=ENVIRONMENT, virtual_environment=mark.exists())


app = FastAPI(title="Lending library")
app.include_router(router)
