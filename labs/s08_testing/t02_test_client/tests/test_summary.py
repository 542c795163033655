"""Tests of the summary, which is streamed."""

import json

from fastapi import FastAPI
from fastapi.testclient import TestClient


# region read_stream: Tests of the stream as it begins, and as it ends.
# endregion
