"""What 5.7.2 asks: WebSocket routes with parameters and dependencies, and what is said on them."""

import random
from hashlib import sha256

import pytest

from checker.judge.api import Fake, Lab, RecordedSocket

ADA = {"reader": "Ada"}
BRANCHES = ("north", "south")
STRANGE = (
    "Emma, please",
    "",
    '{"find": ',
    '["Emma"]',
    "null",
)
MISFITS: tuple[tuple[dict[str, object], list[str]], ...] = (
    ({}, ["find"]),
    ({"find": ""}, ["find"]),
    ({"find": 7}, ["find"]),
    ({"find": "a", "limit": 9}, ["limit"]),
    ({"find": None, "limit": "many"}, ["find", "limit"]),
)


def stock(lab: Lab, fake: Fake, branch: str, count: int = 5) -> tuple[str, list[str]]:
    """Put books on a shelf whose titles share a word; give the word and the titles."""
    word = fake.word()
    titles = [f"{fake.title()}, or the {word.upper()}" for _ in range(count)]
    for title in titles:
        assert lab.post(f"/shelves/{branch}", json={"title": title}).status_code == 201
    return word, titles


def greeted(socket: RecordedSocket) -> None:
    """Receive the greeting with which a counter begins."""
    assert "branch" in socket.recv_json(), "The first message is the counter's greeting."


@pytest.mark.task("open_counter")
def test_counter_greets(lab: Lab, rng: random.Random, fake: Fake) -> None:
    """/counters/{branch}?reader= opens, and its first message names branch and reader."""
    branch, reader = rng.choice(BRANCHES), fake.name()
    with lab.websocket(f"/counters/{branch}", params={"reader": reader}) as socket:
        assert socket.recv_json() == {"branch": branch, "reader": reader}


@pytest.mark.task("open_counter")
def test_unknown_branch_is_refused(lab: Lab, fake: Fake) -> None:
    """The handshake for a branch that does not exist is answered with 403."""
    response = lab.handshake(f"/counters/{fake.word()}", params=ADA)
    assert response.status_code == 403


@pytest.mark.task("open_counter")
def test_reader_has_two_letters(lab: Lab) -> None:
    """The handshake without a reader, or with one of a single letter, is answered with 403."""
    response = lab.handshake("/counters/north")
    assert response.status_code == 403
    response = lab.handshake("/counters/north", params={"reader": "A"})
    assert response.status_code == 403


@pytest.mark.task("answer_questions")
def test_questions_are_answered(lab: Lab, fake: Fake) -> None:
    """Question after question is answered with the branch's titles, three if none says more."""
    word, titles = stock(lab, fake, "south")
    with lab.websocket("/counters/south", params=ADA) as socket:
        greeted(socket)
        socket.send_json({"find": word})
        assert socket.recv_json() == {"titles": titles[:3]}
        socket.send_json({"find": word, "limit": 5})
        assert socket.recv_json() == {"titles": titles}
        socket.send_json({"find": f"no {word}"})
        assert socket.recv_json() == {"titles": []}


@pytest.mark.task("answer_questions")
def test_readers_are_served_side_by_side(lab: Lab, fake: Fake) -> None:
    """Two readers at two counters are each answered from their own branch."""
    word, titles = stock(lab, fake, "north", 1)
    paths = [f"/counters/{branch}?reader=Ada" for branch in BRANCHES]
    with lab.sockets(paths) as (north, south):
        for socket in (north, south):
            greeted(socket)
            socket.send_json({"find": word})
        assert south.recv_json() == {"titles": []}
        assert north.recv_json() == {"titles": titles}


@pytest.mark.task("answer_questions")
def test_leaving_reader_is_no_trouble(lab: Lab) -> None:
    """When a reader leaves, the handler ends, and no exception escapes from the app."""
    seen = len(lab.exceptions)
    with lab.websocket("/counters/north", params=ADA) as socket:
        greeted(socket)
        socket.send_json({"find": "Emma"})
        assert "titles" in socket.recv_json()
        socket.close(1001)
        socket.wait_handled()
    escaped = [one["type"] for one in lab.exceptions[seen:]]
    assert escaped == [], "An exception escaped from the app when the reader left."


def is_still_served(socket: RecordedSocket) -> None:
    """Ask a proper question on a line that has seen a strange one."""
    socket.send_json({"find": "no such title"})
    assert socket.recv_json() == {"titles": []}


@pytest.mark.task("read_question")
def test_text_that_is_no_json(lab: Lab, rng: random.Random) -> None:
    """A text that is no JSON object is answered with an error, and the talk goes on."""
    with lab.websocket("/counters/north", params=ADA) as socket:
        greeted(socket)
        for text in rng.sample(STRANGE, 3):
            socket.send(text)
            assert socket.recv_json() == {"error": "no question", "fields": []}
        is_still_served(socket)


@pytest.mark.task("read_question")
def test_object_that_is_no_question(lab: Lab, rng: random.Random) -> None:
    """An object that is no `Question` is answered with an error that names the wrong fields."""
    with lab.websocket("/counters/north", params=ADA) as socket:
        greeted(socket)
        for message, fields in rng.sample(MISFITS, 3):
            socket.send_json(message)
            assert socket.recv_json() == {"error": "no question", "fields": fields}
        is_still_served(socket)


@pytest.mark.task("read_question")
def test_binary_message(lab: Lab, rng: random.Random) -> None:
    """A binary message is answered with {"error": "text only"}, and the talk goes on."""
    with lab.websocket("/counters/north", params=ADA) as socket:
        greeted(socket)
        socket.send(rng.randbytes(8))
        assert socket.recv_json() == {"error": "text only"}
        is_still_served(socket)


@pytest.mark.task("share_language")
def test_request_has_a_language(lab: Lab) -> None:
    """GET /greeting greets in the language of Accept-Language."""
    response = lab.get("/greeting", headers={"Accept-Language": "de-AT,de;q=0.9"})
    assert response.status_code == 200
    assert response.json() == "Guten Morgen from /greeting"


@pytest.mark.task("share_language")
def test_socket_has_a_language(lab: Lab) -> None:
    """The WebSocket /greeting greets in the language of Accept-Language, in English otherwise."""
    for header, greeting in (("fr", "Bonjour"), ("FR-ch", "Bonjour"), ("it", "Good morning")):
        with lab.websocket("/greeting", headers={"Accept-Language": header}) as socket:
            assert socket.recv() == f"{greeting} from /greeting"
            assert socket.wait_closed() == 1000


@pytest.mark.task("take_scans")
def test_scan_is_put_together(lab: Lab, rng: random.Random) -> None:
    """Binary parts until "done" are one scan: its size and SHA-256 are the answer."""
    with lab.websocket("/desk/scans") as socket:
        for _ in range(2):
            parts = [rng.randbytes(rng.randrange(1, 2000)) for _ in range(rng.randrange(2, 5))]
            for part in parts:
                socket.send(part)
            socket.send("done")
            scan = b"".join(parts)
            assert socket.recv_json() == {"bytes": len(scan), "sha256": sha256(scan).hexdigest()}


@pytest.mark.task("take_scans")
def test_scanner_can_leave(lab: Lab) -> None:
    """When the scanner leaves in the middle of a scan, no exception escapes from the app."""
    seen = len(lab.exceptions)
    with lab.websocket("/desk/scans") as socket:
        socket.send(b"half a scan")
        socket.abort()
        socket.wait_handled()
    escaped = [one["type"] for one in lab.exceptions[seen:]]
    assert escaped == [], "An exception escaped from the app when the scanner left."


@pytest.mark.task("take_draft")
def test_words_are_counted(lab: Lab, fake: Fake) -> None:
    """Each text is answered with the number of words so far."""
    words = 0
    with lab.websocket(f"/desk/drafts/{fake.word()}") as socket:
        for text in (fake.sentence(), fake.title(), "", f"{fake.word()}  {fake.word()}"):
            words += len(text.split())
            socket.send(text)
            assert socket.recv_json() == {"words": words}


@pytest.mark.task("take_draft")
def test_sum_is_kept(lab: Lab, rng: random.Random, fake: Fake) -> None:
    """When the writer has left, GET /drafts has the number of words."""
    reader, texts = fake.word(), [fake.sentence() for _ in range(rng.randrange(1, 4))]
    with lab.websocket(f"/desk/drafts/{reader}") as socket:
        for text in texts:
            socket.send(text)
            assert "words" in socket.recv_json()
        socket.close(1001)
        socket.wait_handled()
    response = lab.get("/drafts")
    assert response.status_code == 200
    drafts = response.json()
    assert reader in drafts, "The writer has left, but no sum was kept."
    assert drafts[reader] == len(" ".join(texts).split())
