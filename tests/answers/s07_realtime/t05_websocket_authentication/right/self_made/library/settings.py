"""What the reading room runs with: read from the environment, else from `.env`. Leave it alone."""

from typing import Annotated

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """The settings; `key` is read from the environment variable LIBRARY_KEY."""

    model_config = SettingsConfigDict(
        env_prefix="LIBRARY_", env_file=".env", extra="ignore", hide_input_in_errors=True
    )

    key: Annotated[SecretStr, Field(min_length=32)]
    origins: frozenset[str] = frozenset({"https://library.example"})
    ticket_seconds: float = 10.0
    login_seconds: float = 5.0


settings = Settings()
