"""The lock: tokens, and the dependency that asks for one."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

import jwt
from fastapi import APIRouter, Depends, HTTPException, Request, status
from fastapi.security import OAuth2PasswordBearer, OAuth2PasswordRequestForm, SecurityScopes
from pydantic import BaseModel

from library.readers import Reader, Readers, Settings

router = APIRouter()
TokenDep = Annotated[str, Depends(OAuth2PasswordBearer(tokenUrl="token"))]


class Token(BaseModel):
    """What a login answers with."""

    access_token: str
    token_type: str = "bearer"


def unauthorized(detail: str) -> HTTPException:
    """Make the answer to whoever is not known."""
    return HTTPException(status.HTTP_401_UNAUTHORIZED, detail, {"WWW-Authenticate": "Bearer"})


@router.post("/token")
def log_in(request: Request, form: Annotated[OAuth2PasswordRequestForm, Depends()]) -> Token:
    """Give a token for name and password, with those of the scopes asked for that are allowed."""
    settings: Settings = request.app.state.settings
    readers: Readers = request.app.state.readers
    reader = readers.check(form.username, form.password)
    if reader is None:
        raise unauthorized("Wrong name or password.")
    granted = reader.may() & set(form.scopes) if form.scopes else reader.may()
    claims = {
        "sub": reader.name,
        "aud": settings.audience,
        "exp": datetime.now(UTC) + timedelta(minutes=settings.minutes),
        "scope": " ".join(granted),
    }
    return Token(access_token=jwt.encode(claims, settings.key, algorithm="HS256"))


def get_current_reader(scopes: SecurityScopes, request: Request, token: TokenDep) -> Reader:
    """Give the reader of the token: 401 without a good one, 403 if it lacks a scope."""
    settings: Settings = request.app.state.settings
    try:
        claims = jwt.decode(
            token,
            settings.key,
            algorithms=["HS256"],
            audience=settings.audience,
            options={"require": ["exp", "aud", "sub"]},
        )
    except jwt.InvalidTokenError:
        raise unauthorized("Log in first.") from None
    reader: Reader | None = request.app.state.readers.find(claims["sub"])
    if reader is None:
        raise unauthorized("Log in first.")
    if not set(scopes.scopes) <= set(claims.get("scope", "").split()):
        raise HTTPException(status.HTTP_403_FORBIDDEN, "Only for librarians.")
    return reader
