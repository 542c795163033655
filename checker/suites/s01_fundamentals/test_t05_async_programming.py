"""What 5.1.5 asks.

The neighbours' meters count how many calls were under way at the same time: 1 means that readers
queued up, whatever the clock of a busy machine says. A blocked event loop never shows more than 1.
"""

import random

import httpx
import pytest

from checker.judge.api import Fake, Lab

READERS = 5
CROWD = 48  # more than the 40 threads of the default pool


def ask_together(lab: Lab, path: str, readers: int = READERS) -> list[httpx.Response]:
    """Reset the meters, then let `readers` ask for `path` at the same time."""
    lab.call("library.app:reset_meters")
    return lab.together(readers, "GET", path)


def meter(lab: Lab, neighbour: str, shows: str) -> int:
    """Read one figure of a neighbour's meter."""
    figure: int = lab.call("library.app:read_meters")[neighbour][shows]
    return figure


def some_isbn(rng: random.Random) -> str:
    """Make up an ISBN."""
    return f"978{rng.randrange(10**9, 10**10)}"


@pytest.mark.task("await_summary")
def test_summary_is_the_assistants(lab: Lab, fake: Fake) -> None:
    """GET /summary answers with what the assistant made of the title."""
    title = fake.title()
    response = lab.get("/summary", params={"title": title})
    assert response.status_code == 200
    assert response.json() == {"of": title, "text": f"In short: {title}"}


@pytest.mark.task("await_summary")
def test_summaries_are_written_at_the_same_time(lab: Lab) -> None:
    """While the assistant works for one reader, GET /summary serves the others."""
    responses = ask_together(lab, "/summary?title=Emma")
    assert [response.status_code for response in responses] == [200] * READERS
    assert meter(lab, "assistant", "calls") == READERS, (
        "The assistant was not asked once for each reader."
    )
    assert meter(lab, "assistant", "peak") > 1, (
        "Five readers asked at the same time, yet the assistant never had two calls at once: "
        "each reader waited for the one before."
    )


@pytest.mark.task("read_scan")
def test_scan_is_the_archives(lab: Lab, rng: random.Random) -> None:
    """GET /scans/{isbn} answers with the archive's text."""
    isbn = some_isbn(rng)
    response = lab.get(f"/scans/{isbn}")
    assert response.status_code == 200
    assert response.json() == {"isbn": isbn, "text": f"It begins on page {isbn[-2:]}."}


@pytest.mark.task("read_scan")
def test_scans_are_read_at_the_same_time(lab: Lab, rng: random.Random) -> None:
    """While the archive reads for one reader, GET /scans/{isbn} serves the others."""
    responses = ask_together(lab, f"/scans/{some_isbn(rng)}")
    assert [response.status_code for response in responses] == [200] * READERS
    assert meter(lab, "archive", "peak") > 1, (
        "Five readers asked at the same time, yet the archive never had two calls at once: "
        "each reader waited for the one before."
    )


@pytest.mark.task("summarise_scan")
def test_scan_is_summed_up(lab: Lab, rng: random.Random) -> None:
    """GET /scans/{isbn}/summary answers with the summary of the archive's text."""
    isbn = some_isbn(rng)
    response = lab.get(f"/scans/{isbn}/summary")
    assert response.status_code == 200
    assert response.json() == {"of": isbn, "text": f"In short: It begins on page {isbn[-2:]}."}


@pytest.mark.task("summarise_scan")
def test_neither_step_holds_other_readers_up(lab: Lab, rng: random.Random) -> None:
    """Neither step of GET /scans/{isbn}/summary makes other readers wait."""
    responses = ask_together(lab, f"/scans/{some_isbn(rng)}/summary")
    assert [response.status_code for response in responses] == [200] * READERS
    assert meter(lab, "archive", "peak") > 1, (
        "Five readers asked at the same time, yet the archive never had two calls at once: "
        "reading the scan blocks the event loop."
    )
    assert meter(lab, "assistant", "peak") > 1, (
        "Five readers asked at the same time, yet the assistant never had two calls at once: "
        "writing the summary blocks the event loop."
    )


@pytest.mark.task("count_copies")
def test_copies_are_counted_in_branch_order(lab: Lab, rng: random.Random) -> None:
    """GET /copies/{isbn} answers with every branch's own count, in the branches' order."""
    isbn = some_isbn(rng)
    names = ["north", "east", "south", "west"]
    single = lab.together([("GET", f"/branches/{name}/copies/{isbn}") for name in names])
    counts = dict(zip(names, [answer.json() for answer in single], strict=True))
    response = lab.get(f"/copies/{isbn}")
    assert response.status_code == 200
    assert response.json() == counts
    assert list(response.json()) == names


@pytest.mark.task("count_copies")
def test_branches_are_asked_at_the_same_time(lab: Lab, rng: random.Random) -> None:
    """One GET /copies/{isbn} has all four branches at work at the same time."""
    lab.call("library.app:reset_meters")
    response = lab.get(f"/copies/{some_isbn(rng)}")
    assert response.status_code == 200
    assert meter(lab, "branches", "calls") == 4
    assert meter(lab, "branches", "peak") == 4, (
        "The four branches were not asked at the same time: "
        "some call began only after another had ended."
    )


@pytest.mark.task("limit_answer")
def test_quick_answer_is_given(lab: Lab, fake: Fake) -> None:
    """POST /questions answers 200 with what the model says, if it is quick."""
    question = fake.sentence()
    response = lab.post("/questions", json={"text": question, "effort": "low"})
    assert response.status_code == 200
    assert response.json() == {"text": f"A good question: {question}"}


@pytest.mark.task("limit_answer")
def test_slow_answer_is_given_up(lab: Lab, fake: Fake) -> None:
    """POST /questions answers 504 when the model takes too long, and stops the model."""
    lab.call("library.app:reset_meters")
    response = lab.post("/questions", json={"text": fake.sentence(), "effort": "high"})
    assert response.status_code == 504
    assert response.json() == {"detail": "The model took too long."}
    assert meter(lab, "assistant", "cancelled") == 1, (
        "The reader was told 504, but the model was not stopped: it works on, and you pay for it."
    )


@pytest.mark.task("widen_pool")
def test_crowd_fits_into_the_pool(lab: Lab) -> None:
    """48 readers of a blocking route are served at the same time, not in two rounds."""
    responses = ask_together(lab, f"/drill?readers={CROWD}", CROWD)
    assert [response.status_code for response in responses] == [200] * CROWD
    held = max(response.json() for response in responses)
    assert held == CROWD, (
        f"{CROWD} readers came at the same time, {held} got a thread, the others had to wait."
    )
