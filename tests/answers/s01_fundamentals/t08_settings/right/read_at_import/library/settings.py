"""Settings with aliases and class arguments, cached by the class itself and read at import."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

from fastapi import Depends
from pydantic import AnyHttpUrl, BaseModel, PositiveInt, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings

HERE = Path(__file__).resolve().parent.parent


class Stage(StrEnum):
    DEVELOPMENT = "development"
    PRODUCTION = "production"


class LoanRules(BaseModel):
    days: PositiveInt = 21
    at_once: PositiveInt = 5


class Settings(
    BaseSettings,
    env_prefix="LIBRARY_",
    env_nested_delimiter="__",
    env_file=HERE / ".env",
    secrets_dir=HERE / "secrets",
    extra="ignore",
    frozen=True,
    hide_input_in_errors=True,
):
    environment: Stage = Stage.DEVELOPMENT
    name: str = "Town library"
    model_base_url: AnyHttpUrl = AnyHttpUrl("https://models.example.org/v1")
    model_api_key: SecretStr
    seats: PositiveInt = 12
    self_checkout: bool = False
    loans: LoanRules = LoanRules()

    @field_validator("model_base_url")
    @classmethod
    def insist_on_https(cls, url: AnyHttpUrl, info: ValidationInfo) -> AnyHttpUrl:
        if info.data.get("environment") is Stage.PRODUCTION and url.scheme == "http":
            raise ValueError("production wants https")
        return url

    @field_validator("model_api_key")
    @classmethod
    def insist_on_a_key(cls, key: SecretStr) -> SecretStr:
        if not key:
            raise ValueError("the key is empty")
        return key


def get_settings() -> Settings:
    return Settings.settings_cached()


SettingsDep = Annotated[Settings, Depends(get_settings)]
