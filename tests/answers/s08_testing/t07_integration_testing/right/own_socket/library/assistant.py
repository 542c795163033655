"""The reading assistant: answers from a book's text, and a cache of what was answered."""

from openai import AsyncOpenAI, OpenAIError, RateLimitError
from redis.asyncio import Redis

from library.models import Book

HOUR = 3600


class Busy(Exception):
    """The model takes no more questions for a while: `retry_after` seconds, as it says."""

    def __init__(self, retry_after: str) -> None:
        super().__init__("The assistant is busy.")
        self.retry_after = retry_after


class Failed(Exception):
    """The model gave no answer."""


def answers_of(book: Book) -> str:
    """Name the hash in Redis that holds a book's answers by their questions."""
    return f"answers:{book.id}"


async def ask(model: AsyncOpenAI, book: Book, question: str) -> str:
    """Ask the model, which is to answer from the book's text alone; Busy or Failed."""
    try:
        completion = await model.chat.completions.create(
            model="library-1",
            messages=[
                {"role": "system", "content": f"Answer from this text. {book.text}"},
                {"role": "user", "content": question},
            ],
        )
    except RateLimitError as error:
        raise Busy(error.response.headers.get("retry-after", "1")) from error
    except (OpenAIError, ValueError) as error:
        raise Failed("The assistant does not answer.") from error
    return completion.choices[0].message.content or ""


async def recall(store: Redis, book: Book, question: str) -> str | None:
    """Give the answer that was kept."""
    answer = await store.hget(answers_of(book), question)
    return answer if isinstance(answer, str) else None


async def keep(store: Redis, book: Book, question: str, answer: str) -> None:
    """Keep an answer for an hour."""
    await store.hset(answers_of(book), question, answer)
    await store.expire(answers_of(book), HOUR)


async def forget(store: Redis, book: Book) -> None:
    """Drop the answers of a book whose text has changed."""
    await store.delete(answers_of(book))
