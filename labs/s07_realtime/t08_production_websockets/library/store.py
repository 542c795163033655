"""The Redis that all instances share, and what tells them apart. Leave this file alone."""

import os

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff

INSTANCE = os.environ.get("INSTANCE", f"process {os.getpid()}")
KEEP = int(os.environ.get("KEEP", "1000"))  # messages that a room's log holds, about
SEAT_SECONDS = float(os.environ.get("SEAT_SECONDS", "30"))  # until a silent seat is free again

store = Redis.from_url(
    os.environ.get("REDIS_URL", "redis://localhost:6379/0"),
    decode_responses=True,
    retry=Retry(ExponentialBackoff(cap=1, base=0.05), 3),
)
