"""The same API, which reads its settings when the module is loaded."""

import logging

from fastapi import APIRouter, FastAPI
from pydantic import BaseModel

from .provider import Answer, ask
from .settings import LoanRules, Settings, SettingsDep, get_settings

STARTED_WITH = get_settings()

log = logging.getLogger("uvicorn.error")
log.info("%s starts in %s", STARTED_WITH.name, STARTED_WITH.environment)
router = APIRouter()


class Question(BaseModel):
    text: str


@router.get("/settings", response_model_exclude={"model_api_key"})
async def settings_without_key(settings: SettingsDep) -> Settings:
    return settings


@router.get("/about")
async def about(settings: SettingsDep) -> dict[str, str]:
    return {"name": settings.name, "environment": settings.environment}


@router.get("/desk")
async def desk() -> dict[str, int | bool]:
    return STARTED_WITH.model_dump(include={"seats", "self_checkout"})


@router.get("/loans/rules")
async def rules() -> LoanRules:
    return STARTED_WITH.loans


@router.post("/questions")
async def question(question: Question) -> Answer:
    log.info("Asking with %s", STARTED_WITH)
    key = STARTED_WITH.model_api_key.get_secret_value()
    return ask(question.text, base_url=str(STARTED_WITH.model_base_url), api_key=key)


app = FastAPI()
app.include_router(router)
