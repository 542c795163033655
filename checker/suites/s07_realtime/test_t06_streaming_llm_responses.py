"""What 5.7.6 asks: pieces that arrive while the model writes, and a model that stops when told.

The model holds still after some tokens until the suite lets it go, so that "already" and "not yet"
are states and no measured times.
"""

import json
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from checker.judge.api import Fake, Lab, Model

JSON = Any
HELD_SECONDS = 1.5


@pytest.fixture
def pieces(fake: Fake, rng: random.Random) -> list[str]:
    """Make up an answer of two paragraphs, in pieces as a model makes them."""
    words = [f"{fake.word()} " for _ in range(rng.randint(5, 8))]
    return [*words, "ends.\n", "\n", "Then", " more", "."]


@pytest.fixture
def question(fake: Fake) -> dict[str, str]:
    """Ask for two books of the shelf and one that the library does not have."""
    return {"text": f"Is {fake.title()} more like Kindred or like Solaris?"}


@contextmanager
def held(model: Model, pieces: list[str], after: int) -> Iterator[None]:
    """Let the model stop after some pieces; for an app that waits for the end, not for ever."""
    model.say(*pieces)
    model.stall(after=after)
    over = threading.Event()

    def let_go() -> None:
        end = time.monotonic() + HELD_SECONDS
        while time.monotonic() < end and not over.wait(0.02):
            if any(not asked.stream for asked in model.requests):
                break
        model.release()

    watcher = threading.Thread(target=let_go)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()
        model.wait(lambda counts: not counts.running)


def read_events(text: str) -> list[dict[str, JSON]]:
    """Take a stream of server-sent events apart: event, id, and the data read as JSON."""
    events = []
    for block in text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line)
        if "data" in fields:
            assert is_json(fields["data"]), f"The data of an event is no JSON: {fields['data']}"
            events.append({**fields, "data": json.loads(fields["data"])})
    return events


def is_json(text: str) -> bool:
    """Tell whether a text can be read as JSON."""
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def talk(socket: Any, question: dict[str, str], last: str = "done") -> list[dict[str, JSON]]:  # noqa: ANN401 - the lab's socket
    """Ask over a WebSocket, and read up to an event of the kind `last`, or an error."""
    socket.send(json.dumps(question))
    events: list[dict[str, JSON]] = []
    while not events or events[-1]["kind"] not in (last, "error", "done"):
        events.append(json.loads(socket.recv()))
    return events


@pytest.mark.task("write_tokens")
def test_text_comes_in_the_pieces_that_the_model_made(
    lab: Lab, model: Model, pieces: list[str], question: dict[str, str]
) -> None:
    """POST /answers/text answers in pieces: the first has come before the model makes the last."""
    with held(model, pieces, after=2), lab.stream("POST", "/answers/text", json=question) as answer:
        assert answer.status_code == 200
        chunks = answer.iter_text()
        first = next(chunks)
        still_writing = model.counts.running == 1
        model.release()
        text = first + "".join(chunks)
    assert text == "".join(pieces)
    assert still_writing, "The first piece came only after the model had made the last one."


@pytest.mark.task("write_tokens")
def test_question_reaches_the_model(lab: Lab, model: Model, question: dict[str, str]) -> None:
    """POST /answers/text asks the model the reader's question, once, and as a stream."""
    assert lab.post("/answers/text", json=question).status_code == 200
    asked = model.requests
    assert [one.messages[-1]["content"] for one in asked] == [question["text"]]
    assert [one.stream for one in asked] == [True]


@pytest.mark.task("write_tokens")
def test_reader_who_leaves_ends_the_writing(
    lab: Lab, model: Model, pieces: list[str], question: dict[str, str]
) -> None:
    """When the reader of POST /answers/text hangs up, the model stops: nobody pays for the rest."""
    with held(model, pieces, after=2):
        with lab.stream("POST", "/answers/text", json=question) as answer:
            next(answer.iter_text())
        counts = model.wait(lambda counts: not counts.running)
    assert counts.cancelled == 1, "The model went on writing for a reader who had left."
    assert counts.generated < len(pieces)


@pytest.mark.task("report_progress")
def test_progress_is_told_before_the_first_token(
    lab: Lab, model: Model, pieces: list[str], question: dict[str, str]
) -> None:
    """/ws/answers tells both stages of progress before the model has made its first piece."""
    with held(model, pieces, after=0), lab.websocket("/ws/answers") as socket:
        socket.send(json.dumps(question))
        stages = [json.loads(socket.recv()) for _ in range(2)]
        made = model.wait(lambda counts: counts.running == 1).generated
    assert stages == [
        {"kind": "progress", "stage": "searching"},
        {"kind": "progress", "stage": "writing", "books": ["Kindred", "Solaris"]},
    ]
    assert made == 0, "The progress came together with the answer, and not before it."


@pytest.mark.task("report_error")
def test_break_in_the_middle_is_an_event(
    lab: Lab, model: Model, pieces: list[str], question: dict[str, str]
) -> None:
    """A connection to the model that breaks after three pieces becomes an error event, the last."""
    model.say(*pieces)
    model.cut(after=3)
    with lab.websocket("/ws/answers") as socket:
        events = talk(socket, question)
    tokens = [event["text"] for event in events if event["kind"] == "token"]
    assert tokens == pieces[:3]
    assert events[-1] == {"kind": "error", "code": "model_failed"}


@pytest.mark.task("report_error")
def test_refusal_of_the_model_is_an_event(lab: Lab, model: Model, question: dict[str, str]) -> None:
    """A model that is too busy to begin (429) becomes an error event as well."""
    model.refuse(429)
    with lab.websocket("/ws/answers") as socket:
        events = talk(socket, question)
    assert events[-1] == {"kind": "error", "code": "model_failed"}


@pytest.mark.task("report_error")
def test_garbled_piece_is_an_event(
    lab: Lab, model: Model, pieces: list[str], question: dict[str, str]
) -> None:
    """Half a chunk of JSON from the model becomes an error event, and the next question works."""
    model.say(*pieces)
    model.garble(after=3)
    with lab.websocket("/ws/answers") as socket:
        assert talk(socket, question)[-1] == {"kind": "error", "code": "model_failed"}
        model.say(*pieces)
        assert talk(socket, question)[-1] == {"kind": "done", "tokens": len(pieces)}


@pytest.mark.task("send_events")
def test_answer_is_a_stream_of_events(
    lab: Lab, model: Model, pieces: list[str], question: dict[str, str]
) -> None:
    """POST /answers sends token and done as server-sent events; newlines in a token are kept."""
    model.say(*pieces)
    answer = lab.post("/answers", json=question)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/event-stream")
    events = read_events(answer.text)
    tokens = [one["data"]["text"] for one in events if one.get("event") == "token"]
    assert tokens == pieces
    assert (events[-1].get("event"), events[-1]["data"]) == ("done", {"tokens": len(pieces)})


@pytest.mark.task("send_events")
def test_events_are_numbered(lab: Lab, model: Model, pieces: list[str]) -> None:
    """POST /answers numbers its events from 1, so that a reader can say which was the last."""
    model.say(*pieces)
    answer = lab.post("/answers", json={"text": "What is Walden about?"})
    assert answer.status_code == 200
    ids = [event.get("id") for event in read_events(answer.text)]
    assert ids == [str(number) for number in range(1, len(ids) + 1)]


@pytest.mark.task("send_events")
def test_events_come_while_the_model_writes(
    lab: Lab, model: Model, pieces: list[str], question: dict[str, str]
) -> None:
    """POST /answers sends the first token before the model has made the last."""
    with held(model, pieces, after=2), lab.stream("POST", "/answers", json=question) as answer:
        assert answer.status_code == 200
        chunks, seen = answer.iter_text(), ""
        while "token" not in seen:
            seen += next(chunks)
        still_writing = model.counts.running == 1
    assert still_writing, "The events came only after the model had made the last piece."


@pytest.mark.task("stop_writing")
def test_stop_ends_the_writing(
    lab: Lab, model: Model, pieces: list[str], question: dict[str, str]
) -> None:
    """{"stop": true} over /ws/answers is answered with {"kind": "stopped"}, and the model stops."""
    with held(model, pieces, after=2), lab.websocket("/ws/answers") as socket:
        talk(socket, question, last="token")
        talked = json.loads(socket.recv())
        assert talked["kind"] == "token"
        socket.send(json.dumps({"stop": True}))
        assert json.loads(socket.recv()) == {"kind": "stopped"}
        counts = model.wait(lambda counts: not counts.running)
    assert counts.cancelled == 1, "The model went on writing after the stop."


@pytest.mark.task("stop_writing")
def test_reader_can_ask_again_after_a_stop(
    lab: Lab, model: Model, pieces: list[str], question: dict[str, str]
) -> None:
    """After a stop the same connection answers the next question, to its end."""
    with lab.websocket("/ws/answers") as socket:
        with held(model, pieces, after=1):
            talk(socket, question, last="token")
            socket.send(json.dumps({"stop": True}))
            assert json.loads(socket.recv()) == {"kind": "stopped"}
        model.say(*pieces)
        assert talk(socket, question)[-1] == {"kind": "done", "tokens": len(pieces)}


@pytest.mark.task("stop_writing")
def test_closed_socket_ends_the_writing(
    lab: Lab, model: Model, pieces: list[str], question: dict[str, str]
) -> None:
    """When the reader closes /ws/answers in the middle of an answer, the model stops."""
    with held(model, pieces, after=2):
        with lab.websocket("/ws/answers") as socket:
            talk(socket, question, last="token")
        counts = model.wait(lambda counts: not counts.running, seconds=1.0)
    assert counts.cancelled == 1, "The model went on writing for a reader who had left."
