"""Holds, counted in Redis."""

import os

import redis.asyncio
from fastapi import FastAPI

app = FastAPI()
store = redis.asyncio.Redis.from_url(os.environ["REDIS_URL"], decode_responses=True)


@app.post("/holds/{book_id}")
async def hold_book(book_id: int) -> dict[str, int]:
    """Count a hold."""
    return {"holds": await store.incr(f"holds:{book_id}")}
