"""Tests of what the model is told, without a model."""

from fastapi.testclient import TestClient

from library.app import app, get_model
from library.assistant import Message
from library.loans import LoanBook


# region fake_model: Tests of the messages that reach the model, and of the answer that comes back.
# endregion
