"""The library's front desk, which answers readers by asking slow neighbours."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
import anyio.from_thread
import anyio.to_thread
from fastapi import FastAPI, HTTPException, status
from pydantic import BaseModel

from .neighbours import Archive, Assistant, Branches, Drill, Effort, Reading

THREADS = 64  # blocking calls that this server runs at the same time
PATIENCE = 0.15  # seconds that a reader waits for an answer

archive = Archive()
assistant = Assistant()
branches = Branches()
drill = Drill()


class Summary(BaseModel):
    """What the reading assistant made of a text."""

    of: str
    text: str


class Scan(BaseModel):
    """The scanned text of a book."""

    isbn: str
    text: str


class Question(BaseModel):
    """What a reader asks, and how hard the model shall think."""

    text: str
    effort: Effort = "low"


class Answer(BaseModel):
    """What the model says."""

    text: str


# region widen_pool: At start-up, the pool that runs plain `def` routes gets THREADS places.
@asynccontextmanager
async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
    """Prepare the server before the first request."""
    anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
    yield


# endregion


app = FastAPI(title="Front desk", lifespan=lifespan)


# region await_summary: GET /summary?title= awaits the assistant's summary of a title.
@app.get("/summary")
async def summarise_title(title: str) -> Summary:
    """Sum a book up by its title."""
    return Summary(of=title, text=await assistant.summarise(title))


# endregion


# region read_scan: GET /scans/{isbn} gives the archive's scan; readers do not queue up.
@app.get("/scans/{isbn}")
async def read_scan(isbn: str) -> Scan:
    """Read a scanned book in the archive, with a limit of its own on threads."""
    text = await anyio.to_thread.run_sync(archive.read, isbn, limiter=anyio.CapacityLimiter(4))
    return Scan(isbn=isbn, text=text)


# endregion


# region summarise_scan: GET /scans/{isbn}/summary sums a scan up without blocking the loop.
@app.get("/scans/{isbn}/summary")
def summarise_scan(isbn: str) -> Summary:
    """Sum up what the archive holds of a book, going back to the loop for the assistant."""
    text = archive.read(isbn)
    return Summary(of=isbn, text=anyio.from_thread.run(assistant.summarise, text))


# endregion


# region count_copies: GET /copies/{isbn} asks all branches at the same time.
@app.get("/copies/{isbn}")
async def count_copies(isbn: str) -> dict[str, int]:
    """Count the copies of a book in every branch."""
    counts = dict.fromkeys(branches.names, 0)

    async def count(name: str) -> None:
        counts[name] = await branches.copies(name, isbn)

    async with anyio.create_task_group() as group:
        for name in branches.names:
            group.start_soon(count, name)
    return counts


# endregion


# region limit_answer: POST /questions answers 504 once PATIENCE is over, and stops the model.
@app.post("/questions")
async def answer_question(question: Question) -> Answer:
    """Answer a reader's question with the model."""
    with anyio.move_on_after(PATIENCE):
        return Answer(text=await assistant.answer(question.text, question.effort))
    raise HTTPException(status.HTTP_504_GATEWAY_TIMEOUT, "The model took too long.")


# endregion


@app.get("/branches/{name}/copies/{isbn}")
async def count_branch_copies(name: str, isbn: str) -> int:
    """Count the copies of a book in one branch."""
    return await branches.copies(name, isbn)


@app.get("/drill")
def hold_drill(readers: int) -> int:
    """Keep this worker thread until `readers` threads are kept, at most a second; count them."""
    return drill.wait(readers)


@app.get("/meters")
async def read_meters() -> dict[str, Reading]:
    """Show what the neighbours' meters have counted."""
    return {
        "archive": archive.meter.read(),
        "assistant": assistant.meter.read(),
        "branches": branches.meter.read(),
    }


@app.delete("/meters", status_code=status.HTTP_204_NO_CONTENT)
async def reset_meters() -> None:
    """Set every meter to zero."""
    for neighbour in (archive, assistant, branches):
        neighbour.meter.reset()
