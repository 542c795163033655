"""The same API, whose settings travel in the app's state where nobody overrides them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypedDict

from fastapi import Body, Depends, FastAPI, Request
from fastapi.responses import JSONResponse

from .provider import Answer, ask
from .settings import LoanRules, Settings, get_settings


class State(TypedDict):
    settings: Settings


@asynccontextmanager
async def lifespan(_app: FastAPI) -> AsyncIterator[State]:
    settings = get_settings()
    print("Asking with", settings)  # noqa: T201 - another way to a log
    yield {"settings": settings}


app = FastAPI(lifespan=lifespan)


def settings_of(request: Request) -> Settings:
    settings: Settings = request.state.settings
    return settings


@app.get("/settings")
def show(request: Request) -> JSONResponse:
    return JSONResponse(settings_of(request).model_dump(mode="json"))


@app.get("/desk")
def desk(request: Request) -> dict[str, int]:
    settings = settings_of(request)
    return {"seats": settings.seats, "self_checkout": settings.self_checkout}


@app.get("/loans/rules")
def rules(request: Request) -> LoanRules:
    return settings_of(request).loans


@app.get("/about", response_model=None)
def about(settings: Settings = Depends(get_settings)) -> dict[str, str]:  # noqa: B008, FAST002
    return settings.model_dump(include={"name", "environment"})


@app.post("/questions")
def question(request: Request, text: str = Body(embed=True)) -> Answer:  # noqa: FAST002
    settings = settings_of(request)
    print("Asking with", settings)  # noqa: T201
    key = settings.model_api_key.get_secret_value()
    return ask(text, base_url=str(settings.model_base_url), api_key=key)
