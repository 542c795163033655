"""What 5.7.7 asks.

The assistant's model is asked to fail. The client meets a server that fails by plan, beside it in
the lab (`library/trial.py`), and sleeps no real seconds: what counts is the order of things.
"""

import random
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from checker.judge.api import Fake, Lab, Launch, Model, RecordedSocket, SocketClosed

BASE, CAP = 0.5, 30.0
FAILED = "The model does not answer. Please ask again later."
INCIDENT = re.compile("Incident [0-9a-f]{8}")
RAISED = re.compile(r"^[\w.]+(?:Error|Exception|Exit)\b.*(?:\n.*\[type=.*|\n\w+$)*", re.MULTILINE)
UNKNOWN = "The bug in library/shelf.py must close the socket with 1011."
PAGES = {"Melville": 635, "Shelley": 280, "Austen": 361}

BAD_MESSAGES: dict[str, str | bytes] = {
    "is not JSON": "When was Emma written?",
    "is a list": "[1, 2]",
    "has no type": '{"id": 1, "text": "Why?"}',
    "has a type that nobody knows": '{"type": "poem", "id": 1}',
    "has no text": '{"type": "question", "id": 1}',
    "is binary": b'{"type": "pages", "id": 1, "author": "Shelley"}',
}

Step = dict[str, Any]


def ask_pages(socket: RecordedSocket, rng: random.Random) -> tuple[object, object]:
    """Ask how many pages an author's books have; give the answer, and what it should be."""
    number, author = rng.randrange(10**6), rng.choice(list(PAGES))
    socket.send_json({"type": "pages", "id": number, "author": author})
    expected = {"type": "answer", "id": number, "text": f"{PAGES[author]} pages"}
    return socket.recv_json(), expected


@contextmanager
def assistant(lab: Lab) -> Iterator[RecordedSocket]:
    """Open a socket to the assistant; when an incident closes it, quote the log."""
    with lab.websocket("/assistant") as socket:
        try:
            yield socket
        except SocketClosed:
            if INCIDENT.fullmatch(socket.close_reason):
                raised = RAISED.findall(lab.log.rpartition(socket.close_reason)[2])
                said = " ".join(raised[-1].split()) if raised else ""
                assert not raised, f"The assistant had an incident. Its log says: {said}"
            raise


def await_close(lab: Lab, socket: RecordedSocket) -> None:
    """Wait until the lab has closed the socket, two seconds at most."""
    lab.until(lambda: socket.close_code is not None, True, 2.0)


def new_exceptions(lab: Lab, known: int) -> list[str]:
    """Name the exceptions that have escaped since `known` of them had."""
    return [raised["type"] for raised in lab.exceptions[known:]]


@pytest.mark.task("answer_errors")
@pytest.mark.parametrize("flaw", BAD_MESSAGES)
def test_bad_message_is_answered(lab: Lab, rng: random.Random, flaw: str) -> None:
    """A message that cannot be read is answered with the error `bad_message`; the talk goes on."""
    with assistant(lab) as socket:
        for _ in range(2):
            socket.send(BAD_MESSAGES[flaw])
            error = socket.recv_json()
            assert error["type"] == "error", f"This message {flaw}."
            assert error["code"] == "bad_message"
            assert error["id"] is None
            assert error["text"], "The error has no text that a reader could be shown."
        answer, expected = ask_pages(socket, rng)
        assert answer == expected


@pytest.mark.task("report_model")
@pytest.mark.parametrize("fault", ["refuses with 500", "refuses with 429", "breaks", "babbles"])
def test_failing_model_is_reported(
    lab: Lab, model: Model, fake: Fake, rng: random.Random, fault: str
) -> None:
    """When the model fails, the reader gets the error `model_failed`, and can ask again."""
    match fault:
        case "breaks":
            model.cut()
        case "babbles":
            model.garble()
        case _:
            model.refuse(int(fault[-3:]))
    number = rng.randrange(10**6)
    with assistant(lab) as socket:
        socket.send_json({"type": "question", "id": number, "text": fake.sentence()})
        error = socket.recv_json()
        problem = {"type": "error", "code": "model_failed", "text": FAILED, "id": number}
        assert error == problem
        words = fake.sentence()
        model.say(words)
        socket.send_json({"type": "question", "id": number + 1, "text": "And now?"})
        answer = socket.recv_json()
        assert answer == {"type": "answer", "id": number + 1, "text": words}


@pytest.mark.task("report_model")
def test_silent_model_is_given_up(
    launch: Launch, model: Model, fake: Fake, rng: random.Random
) -> None:
    """A model that is silent for PATIENCE seconds has failed too, and is asked no longer."""
    lab = launch(env={"LIBRARY_PATIENCE": "0.1"})
    model.stall()
    number = rng.randrange(10**6)
    with assistant(lab) as socket:
        socket.send_json({"type": "question", "id": number, "text": fake.sentence()})
        told = lab.until(lambda: any(not one.sent for one in socket.exchange.frames), True, 2.0)
        assert told, "The model was silent for PATIENCE seconds, and the reader was told nothing."
        error = socket.recv_json()
        assert error == {"type": "error", "code": "model_failed", "text": FAILED, "id": number}
        counts = model.wait(lambda counts: counts.running == 0)
        assert counts.running == 0, "The reader was told, but the model goes on, and costs money."
        answer, expected = ask_pages(socket, rng)
        assert answer == expected


@pytest.mark.task("close_unexpected")
def test_incident_closes_with_1011(lab: Lab, fake: Fake) -> None:
    """What nobody expected closes the socket with 1011 and the number of an incident."""
    reasons = []
    for number in range(2):
        with lab.websocket("/assistant") as socket:
            socket.send_json({"type": "pages", "id": number, "author": fake.name()})
            await_close(lab, socket)
            assert socket.close_code == 1011, UNKNOWN
            assert INCIDENT.fullmatch(socket.close_reason), (
                "The reason is not `Incident`, a blank and eight hexadecimal digits, but: "
                f"{socket.close_reason!r}."
            )
            reasons.append(socket.close_reason)
    assert reasons[0] != reasons[1], "Two incidents have the same number."


@pytest.mark.task("close_unexpected")
def test_incident_is_in_the_log(lab: Lab, fake: Fake) -> None:
    """The log names the incident that the reader was told, and has the traceback, once."""
    escaped = len(lab.exceptions)
    with lab.websocket("/assistant") as socket:
        socket.send_json({"type": "pages", "id": 1, "author": fake.name()})
        await_close(lab, socket)
        assert socket.close_code == 1011, UNKNOWN
        reason = socket.close_reason
        socket.wait_handled()
    assert reason in lab.log, f"The log does not say `{reason}`."
    assert "ZeroDivisionError" in lab.log.partition(reason)[2], (
        "The log names the incident, and does not say what happened: the traceback is missing."
    )
    assert new_exceptions(lab, escaped) == [], "The exception was logged, and escaped all the same."


@pytest.mark.task("close_unexpected")
@pytest.mark.parametrize("way", ["closes", "vanishes"])
def test_leaving_is_no_incident(lab: Lab, rng: random.Random, way: str) -> None:
    """A reader who leaves is no incident: no exception escapes, and the log counts none."""
    escaped, incidents = len(lab.exceptions), set(INCIDENT.findall(lab.log))
    with lab.websocket("/assistant") as socket:
        answer, expected = ask_pages(socket, rng)
        assert answer == expected
        leave(socket, way)
        socket.wait_handled()
    assert new_exceptions(lab, escaped) == [], f"The reader {way}, and an exception escapes."
    assert not set(INCIDENT.findall(lab.log)) - incidents, (
        f"The reader {way}, and the log counts an incident."
    )


def leave(socket: RecordedSocket, way: str) -> None:
    """Leave with a close frame, or without."""
    if way == "closes":
        socket.close()
    else:
        socket.abort()


@pytest.mark.task("notice_leaving")
def test_news_reach_their_reader(lab: Lab, fake: Fake) -> None:
    """WS /news sends what was missed and what comes, and ignores what the reader sends."""
    missed, coming = fake.sentence(), fake.sentence()
    number = lab.call("library.news:feed.publish", missed)["id"]
    with lab.websocket("/news", params={"after": number - 1}) as socket:
        assert socket.recv_json() == {"id": number, "text": missed}
        socket.send("Thank you.")
        socket.send(b"\x00")
        lab.call("library.news:feed.publish", coming)
        assert socket.recv_json() == {"id": number + 1, "text": coming}


@pytest.mark.task("notice_leaving")
@pytest.mark.parametrize("way", ["closes", "vanishes"])
def test_leaving_is_noticed(lab: Lab, way: str) -> None:
    """When a reader leaves, the feed is left at once, although there are no news."""

    def count() -> int:
        return int(lab.call("library.news:feed.readers"))

    escaped, before = len(lab.exceptions), lab.until(count, 0, 1.0)
    with lab.websocket("/news", params={"after": 10**6}) as socket:
        assert lab.until(count, before + 1) == before + 1
        leave(socket, way)
        assert lab.until(lambda: count() - before, 0, 1.0) == 0, (
            f"The reader {way}, and the feed still has a reader: nobody has noticed."
        )
        socket.wait_handled()
    assert new_exceptions(lab, escaped) == [], f"The reader {way}, and an exception escapes."


@pytest.mark.task("notice_leaving")
def test_news_for_who_has_just_left(lab: Lab) -> None:
    """News that come when the reader has just vanished end in no error either."""
    escaped = len(lab.exceptions)
    number = lab.call("library.news:feed.publish", "In time.")["id"]
    with lab.websocket("/news", params={"after": number - 1}) as socket:
        assert socket.recv_json() == {"id": number, "text": "In time."}
        socket.abort()
        for _ in range(3):
            lab.call("library.news:feed.publish", "Too late.")
        socket.wait_handled()
    assert new_exceptions(lab, escaped) == [], "The reader had vanished, and an exception escapes."


@pytest.mark.task("back_off")
def test_delays_stay_below_their_ceilings(lab: Lab) -> None:
    """Delay n, from 0, lies between 0 and the smaller one of CAP and BASE times 2 to the n."""
    taken = lab.call("library.trial:take_delays", 200, 10)
    ceilings = [min(CAP, BASE * 2**number) for number in range(10)]
    shortest = min(map(len, taken))
    assert shortest == 10, f"Ten delays were asked for, and after {shortest} there were no more."
    for number, ceiling in enumerate(ceilings):
        column = [delays[number] for delays in taken]
        assert min(column) >= 0
        assert max(column) <= ceiling, f"Delay {number} was longer than {ceiling:g} s."
        assert max(column) >= 0.7 * ceiling, (
            f"In 200 trials, delay {number} was never near its ceiling of {ceiling:g} s."
        )
        assert len(set(column)) > 100, (
            f"Delay {number} is the same for many clients: {column[0]:g} s. They would all come "
            "back at the same moment."
        )


@pytest.mark.task("back_off")
def test_delays_go_on_for_days(lab: Lab) -> None:
    """The delays never end, and never pass CAP: not even the 3,000th, a day later."""
    assert 0 <= lab.call("library.trial:last_delay", 3000) <= CAP


@pytest.mark.task("give_up")
def test_final_ends_are_told_from_others(lab: Lab) -> None:
    """1003, 1007, 1008 and most answers from 400 to 499 are final; all else passes."""
    ends: dict[str, tuple[Step, bool]] = {
        "closed with 1008": ({"close": 1008}, True),
        "closed with 1003": ({"close": 1003}, True),
        "refused with 401": ({"refuse": 401}, True),
        "refused with 403": ({"refuse": 403}, True),
        "closed with 1011": ({"close": 1011}, False),
        "closed with 1012": ({"close": 1012}, False),
        "closed with 1001": ({"close": 1001}, False),
        "cut without a close frame": ({}, False),
        "refused with 503": ({"refuse": 503}, False),
        "refused with 429": ({"refuse": 429}, False),
        "nobody listened": ({"away": True}, False),
    }
    said = lab.call("library.trial:judge_ends", [step for step, _ in ends.values()])
    for (name, (_, final)), answer in zip(ends.items(), said, strict=True):
        assert answer is final, (
            f"{name.capitalize()}: that is {'' if final else 'not '}final, and is_final said "
            f"{answer}."
        )


def follow(lab: Lab, plan: list[Step], **options: int) -> dict[str, Any]:
    """Let the learner's client follow a server that keeps to a plan."""
    outcome: dict[str, Any] = lab.call("library.trial:run", plan, **options)
    return outcome


def tell(outcome: dict[str, Any], trouble: str) -> str:
    """Say what is wrong, and what happened."""
    return f"{trouble} What happened: {'; '.join(outcome['story'])}."


@pytest.mark.task("reconnect")
def test_client_comes_back(lab: Lab, rng: random.Random) -> None:
    """After each of these ends the client sleeps once and comes back, until 1000 says the end."""
    ends: list[Step] = [{}, {"close": 1011}, {"close": 1012}, {"close": 1001}, {"refuse": 503}]
    rng.shuffle(ends)
    plan = [{"away": True}, *ends, {"send": [1], "close": 1000}]
    outcome = follow(lab, plan)
    assert outcome["handled"] == [1], tell(outcome, "The client did not come back to the news.")
    assert outcome["ended"] == "follow() returned", tell(outcome, "1000 is the end.")
    assert len(outcome["delays"]) == len(plan) - 1, tell(
        outcome, f"It should have slept {len(plan) - 1} times."
    )


@pytest.mark.task("reconnect")
def test_nothing_is_lost_or_doubled(lab: Lab, rng: random.Random) -> None:
    """The client asks for what follows the last event it handled, and handles each event once."""
    first = rng.randrange(10, 500)
    cut, last = first + rng.randint(2, 4), first + 9
    plan: list[Step] = [
        {"send": list(range(first + 1, cut + 1))},
        {},
        {"send": list(range(cut - 1, last + 1)), "close": 1012},
        {"close": 1000},
    ]
    outcome = follow(lab, plan, after=first)
    assert outcome["visits"] == [first, cut, cut, last], tell(
        outcome, "It asked for the wrong news."
    )
    assert outcome["handled"] == list(range(first + 1, last + 1)), tell(
        outcome, "An event was lost, or handled twice: the server may send some of them again."
    )


@pytest.mark.task("reconnect")
def test_delays_grow_until_there_is_news(lab: Lab) -> None:
    """An open door is no success: the delays grow until an event has come, then begin anew."""
    fruitless, ends = 8, 3
    news: list[Step] = [{"send": [number]} for number in range(1, ends + 1)]
    outcome = follow(lab, [*[{} for _ in range(fruitless)], *news, {"close": 1000}])
    assert len(outcome["delays"]) == fruitless + ends, tell(outcome, "It did not sleep each time.")
    assert max(outcome["delays"][:fruitless]) > BASE, tell(
        outcome, "The server let it in and cut it off at once, and it was never more patient."
    )
    assert max(outcome["delays"][fruitless:]) <= BASE, tell(
        outcome, "After each event the delays begin anew, at most at BASE."
    )


@pytest.mark.task("reconnect")
@pytest.mark.parametrize("end", [{"close": 1008}, {"refuse": 403}], ids=str)
def test_client_stops_when_told(lab: Lab, end: Step) -> None:
    """After a final end the client raises it, and does not come back."""
    outcome = follow(lab, [{"send": [1]}, end])
    assert len(outcome["visits"]) == 2, tell(outcome, "It came back, though it was told not to.")
    assert outcome["ended"].startswith("follow() raised"), tell(
        outcome, "Whoever called follow() must learn that it has given up."
    )


@pytest.mark.task("reconnect")
def test_mistake_of_the_caller_is_raised(lab: Lab) -> None:
    """What `handle` raises ends follow(): it is no trouble of the connection."""
    outcome = follow(lab, [{"send": [1, 2, 3]}], fails_at=2)
    assert outcome["ended"] == "follow() raised LookupError", tell(
        outcome, "handle() raised a LookupError at event 2."
    )
    assert len(outcome["visits"]) == 1
