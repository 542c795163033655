"""What differs from one place where the library runs to the next, read once and checked."""

from functools import lru_cache
from typing import Annotated, Literal, Self

from fastapi import Depends
from pydantic import BaseModel, Field, HttpUrl, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class LoanRules(BaseModel):
    """How long a book may stay away, in days, and how many a reader may hold."""

    days: Annotated[int, Field(ge=1)] = 21
    at_once: Annotated[int, Field(ge=1)] = 5


class Settings(BaseSettings):
    """The settings; `name` is read from the environment variable LIBRARY_NAME."""

    model_config = SettingsConfigDict(
        env_prefix="LIBRARY_",
        # region group_loans: LIBRARY_LOANS__DAYS sets the field `days` of the field `loans`.
        env_nested_delimiter="__",
        # endregion
        # region read_env_file: `.env` is read; what is in it for other programs is ignored.
        env_file=".env",
        extra="ignore",
        # endregion
        # region hide_key: The complaint about a wrong setting does not show what was set.
        hide_input_in_errors=True,
        # endregion
        # region mount_key: A file in the folder `secrets` can hold the key.
        secrets_dir="secrets",
        # endregion
    )

    name: str = "Town library"
    model_base_url: HttpUrl = HttpUrl("https://models.example.org/v1")
    # region read_environment: The number of seats, and whether readers check out by themselves.
    seats: int = 12
    self_checkout: bool = False
    # endregion
    # region group_loans: The rules for loans, as one field.
    loans: LoanRules = LoanRules()
    # endregion
    # region refuse_to_start: A key is required; in production, the model's address is https.
    environment: Literal["development", "production"] = "development"
    model_api_key: Annotated[SecretStr, Field(min_length=1)]

    @model_validator(mode="after")
    def insist_on_https(self) -> Self:
        """Keep the key off a wire that everyone can read."""
        if self.environment == "production" and self.model_base_url.scheme != "https":
            raise ValueError("LIBRARY_MODEL_BASE_URL must begin with https:// in production")
        return self

    # endregion


# region share_settings: The settings are read once; routes get them by dependency.
@lru_cache
def get_settings() -> Settings:
    """Read the settings, the first time that somebody asks."""
    return Settings()


SettingsDep = Annotated[Settings, Depends(get_settings)]
# endregion
