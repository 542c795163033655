"""Tests of what a reader sees when something breaks inside."""

from fastapi.testclient import TestClient

from library.app import create_app


class BrokenAssistant:
    """An assistant whose model does not answer."""

    async def answer(self, question: str) -> str:
        raise RuntimeError(f"10.0.0.7 refused the key sk-library for {question!r}")


# region face_failure: Tests of the answer to a question that breaks the assistant.
# endregion
