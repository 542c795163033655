"""Tests of how many books a reader may have."""

import pytest
from fastapi.testclient import TestClient


# region set_environment: Tests of the limit with LIBRARY_MOST_LOANS and without it.
# endregion
