"""Tests of what the model is told, without a model."""

from fastapi.testclient import TestClient

from library.app import app, get_model
from library.assistant import Message
from library.loans import LoanBook


# region fake_model: Tests of the messages that reach the model, and of the answer that comes back.
class FakeModel:
    """A model that knows one answer, and what it was asked."""

    def __init__(self) -> None:
        self.asked: list[list[Message]] = []

    async def complete(self, messages: list[Message]) -> str:
        self.asked.append(messages)
        return "Try Persuasion."


def test_the_model_is_told_what_the_reader_has(client: TestClient, loan_book: LoanBook) -> None:
    loan_book.add("Emma", "Ada")
    loan_book.add("Walden", "Ben")
    model = FakeModel()
    app.dependency_overrides[get_model] = lambda: model
    response = client.post("/answers", json={"text": "What next?"})
    assert response.json() == {"text": "Try Persuasion."}
    [[rules, question]] = model.asked
    assert question == {"role": "user", "content": "What next?"}
    assert "Emma" in rules["content"]
    assert "Walden" not in rules["content"]
    assert "What next?" not in rules["content"]


# endregion
