"""Tests of the talk at the desk, over a WebSocket."""

import pytest
from fastapi import WebSocketDisconnect
from fastapi.testclient import TestClient


# region talk: Tests of a talk with two questions, and of a reader who gives no name.
# endregion
