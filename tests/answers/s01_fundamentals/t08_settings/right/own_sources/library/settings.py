"""Settings with sources of their own and a group for the model inside a private attribute."""

from functools import cache
from typing import Annotated, Literal

from fastapi import Depends
from pydantic import AfterValidator, AliasChoices, BaseModel, Field, HttpUrl, Secret
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SecretsSettingsSource,
)


class LoanRules(BaseModel):
    days: int = Field(21, gt=0)
    at_once: int = Field(5, gt=0)


def not_empty(key: Secret[str]) -> Secret[str]:
    if not key.get_secret_value().strip():
        raise ValueError("is empty")
    return key


class Settings(BaseSettings):
    name: str = Field("Town library", validation_alias=AliasChoices("name", "library_name"))
    model_base_url: HttpUrl = Field(
        HttpUrl("https://models.example.org/v1"), validation_alias="library_model_base_url"
    )
    environment: Literal["development", "production"] = Field(
        "development", validation_alias="library_environment"
    )
    seats: int = Field(12, validation_alias="library_seats")
    self_checkout: bool = Field(default=False, validation_alias="library_self_checkout")
    loans: LoanRules = Field(LoanRules(), validation_alias="library_loans")
    model_api_key: Annotated[Secret[str], AfterValidator(not_empty)] = Field(
        validation_alias="library_model_api_key"
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        del env_settings, dotenv_settings, file_secret_settings
        return (
            init_settings,
            EnvSettingsSource(settings_cls, env_nested_delimiter="__"),
            DotEnvSettingsSource(settings_cls, env_file=".env", dotenv_filtering="only_existing"),
            SecretsSettingsSource(settings_cls, secrets_dir="secrets"),
        )


@cache
def get_settings() -> Settings:
    settings = Settings()
    if settings.environment == "production" and not str(settings.model_base_url).startswith(
        "https://"
    ):
        raise RuntimeError("LIBRARY_MODEL_BASE_URL is not safe for production")
    return settings


SettingsDep = Annotated[Settings, Depends(get_settings, scope="request")]
