"""Tests of `find_cover`, without the service."""

import httpx2
import pytest

from library.covers import SERVICE, CoversDown, find_cover

pytestmark = pytest.mark.anyio


# region answer_for_service: Tests of what the service is asked, and of each answer it may give.
# endregion
