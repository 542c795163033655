"""The library over HTTP, with a reading assistant; what may differ comes from the settings."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from pydantic import BaseModel

from . import provider
from .settings import LoanRules, Settings, SettingsDep, get_settings

logger = logging.getLogger("uvicorn.error")


class About(BaseModel):
    """What the library says of itself."""

    name: str
    environment: str


class Desk(BaseModel):
    """How the desk is set up."""

    seats: int
    self_checkout: bool


class Question(BaseModel):
    """What a reader wants to know."""

    text: str


# region refuse_to_start: The settings are read before the first request.
@asynccontextmanager
async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
    """Read the settings, so that a wrong one ends the app here."""
    get_settings()
    yield


# endregion

app = FastAPI(title="Lending library", lifespan=lifespan)


@app.get("/settings")
def read_settings(settings: SettingsDep) -> Settings:
    """Show the people who run the library what it runs with."""
    return settings


# region read_environment: GET /desk answers what the settings say.
@app.get("/desk")
def read_desk(settings: SettingsDep) -> Desk:
    """Show how the desk is set up."""
    return Desk(seats=settings.seats, self_checkout=settings.self_checkout)


# endregion


# region group_loans: GET /loans/rules answers the rules of the settings.
@app.get("/loans/rules")
def read_loan_rules(settings: SettingsDep) -> LoanRules:
    """Show the rules for loans."""
    return settings.loans


# endregion


# region hide_key: The provider gets the key itself; no log and no answer shows it.
@app.post("/questions")
def ask_question(question: Question, settings: SettingsDep) -> provider.Answer:
    """Ask the reading assistant."""
    logger.info("Asking with %r", settings)
    return provider.ask(
        question.text,
        base_url=str(settings.model_base_url),
        api_key=settings.model_api_key.get_secret_value(),
    )


# endregion


# region share_settings: GET /about takes the settings as a dependency.
@app.get("/about")
def read_about(settings: SettingsDep) -> About:
    """Say which library this is."""
    return About(name=settings.name, environment=settings.environment)


# endregion
