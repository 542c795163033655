"""The library's app."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request, status
from fastapi.responses import JSONResponse

from library import books, desk, questions
from library.assistant import Assistant
from library.catalogue import Catalogue

logger = logging.getLogger(__name__)


@asynccontextmanager
async def open_catalogue(app: FastAPI) -> AsyncIterator[None]:
    """Open the catalogue when the app starts, and close it when the app ends."""
    app.state.catalogue = Catalogue()
    yield
    app.state.catalogue.close()


async def apologise(request: Request, error: Exception) -> JSONResponse:
    """Answer for an error that nobody expected, and keep its reason to ourselves."""
    logger.error("%s failed", request.url.path, exc_info=error)
    body = {"detail": "The library is to blame."}
    return JSONResponse(body, status.HTTP_500_INTERNAL_SERVER_ERROR)


def create_app(assistant: Assistant | None = None) -> FastAPI:
    """Make an app of its own, with an assistant; another may be given."""
    app = FastAPI(title="Library", lifespan=open_catalogue)
    app.state.assistant = assistant or Assistant()
    app.state.sessions = {}
    app.add_exception_handler(Exception, apologise)
    for router in (books.router, questions.router, desk.router):
        app.include_router(router)
    return app


app = create_app()
