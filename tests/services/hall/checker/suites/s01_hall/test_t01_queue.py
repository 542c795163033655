"""What 5.1.1 asks."""

import random

import pytest

from checker.judge.api import Lab, Redis


@pytest.mark.task("hold_book")
def test_a_hold_is_counted(lab: Lab, redis: Redis, rng: random.Random) -> None:
    """POST /holds/{book_id} counts in Redis."""
    book = rng.randint(1, 99)
    assert redis.client.dbsize() == 0, "The store is empty at first."
    for number in (1, 2):
        response = lab.post(f"/holds/{book}")
        assert response.status_code == 200
        assert response.json() == {"holds": number}
    assert redis.client.get(f"holds:{book}") == "2"
