"""Tests of what a reader sees when something breaks inside."""

from fastapi.testclient import TestClient

from library.app import create_app


class BrokenAssistant:
    """An assistant whose model does not answer."""

    async def answer(self, question: str) -> str:
        raise RuntimeError(f"10.0.0.7 refused the key sk-library for {question!r}")


# region face_failure: Tests of the answer to a question that breaks the assistant.
def test_the_reader_learns_that_we_failed_and_no_more() -> None:
    client = TestClient(create_app(BrokenAssistant()), raise_server_exceptions=False)
    response = client.post("/questions", json={"text": "Who wrote Emma?"})
    assert response.status_code == 500
    assert response.json() == {"detail": "The library is to blame."}


# endregion
