"""What the given tests ask for."""

import pytest
from fastapi.testclient import TestClient

from library import app


# region make_desk: A client that says who it is.
@pytest.fixture
def desk() -> TestClient:
    """Give a client."""
    return TestClient(app, headers={"X-Desk": "1"})


# endregion
