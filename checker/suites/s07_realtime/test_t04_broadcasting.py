"""What 5.7.4 asks.

A slow client is one that does not read, until every buffer on the way is full and the app cannot
send to it any more. Whether it holds the others up is a question of order: each message must reach
a quick client before the next one is said.
"""

import random
from collections.abc import Sequence
from contextlib import suppress

import pytest

from checker.judge.api import Fake, Lab, Launch, RecordedSocket, RequestTimeout

PATIENCE = 1.0  # seconds in which something must have happened, however busy the machine is
MAILBOX = 20
FLOOD = 100  # messages, more than all buffers and a mailbox hold
LONG = "x" * 100_000


def some_room(fake: Fake) -> str:
    """Make up a room that no other check uses."""
    return f"{fake.word()}-{fake.year()}"


def words(counts: dict[str, int]) -> str:
    """Write counts as a sentence needs them."""
    return ", ".join(f"{name}: {number}" for name, number in counts.items()) or "nobody"


def escaped(lab: Lab) -> str:
    """Name the first exception that came out of a handler, and its place; empty if none did."""
    for one in lab.exceptions:
        places = [f" ({it['file']}:{it['line']}, in {it['function']})" for it in one["frames"]]
        return f"{one['type']}: {one['message']}{''.join(places[-1:])}"
    return ""


def hear(socket: RecordedSocket) -> object:
    """Give the next message, or None if none comes while patience lasts."""
    try:
        return socket.recv_json(PATIENCE)
    except RequestTimeout:
        return None


def prove_open(*sockets: RecordedSocket) -> None:
    """Fail if the app has closed one of the sockets: the card then says why."""
    for socket in sockets:
        with suppress(RequestTimeout):
            socket.recv(0.05)


def hear_all(socket: RecordedSocket, most: int) -> list[int]:
    """Give the numbers of the next messages, up to so many, until one does not come."""
    numbers: list[int] = []
    while len(numbers) < most and isinstance(message := hear(socket), dict):
        numbers.append(message["number"])
    return numbers


def noted(lab: Lab, newest: int) -> list[int]:
    """Give the numbers of the newest entries in the diary."""
    response = lab.get("/diary")
    assert response.status_code == 200
    return [entry["number"] for entry in response.json()[-newest:]]


def say(socket: RecordedSocket, room: str, text: str) -> None:
    """Say something in a room."""
    socket.send_json({"do": "say", "room": room, "text": text})


def members(lab: Lab, *rooms: str) -> dict[str, int]:
    """Read from GET /rooms how many are in these rooms."""
    response = lab.get("/rooms")
    assert response.status_code == 200
    return {name: number for name, number in response.json().items() if name in rooms}


def wait_for(lab: Lab, wanted: dict[str, int], *others: str) -> dict[str, int]:
    """Give the numbers of members once they are as wanted, or when patience is over."""
    return lab.until(lambda: members(lab, *wanted, *others), wanted, PATIENCE)


def join(lab: Lab, room: str, sockets: Sequence[RecordedSocket], already: int = 0) -> None:
    """Let clients join a room, and wait until they are in, with those who are there already."""
    for socket in sockets:
        socket.send_json({"do": "join", "room": room})
    wanted = {room: already + len(sockets)}
    found = wait_for(lab, wanted)
    if found != wanted:
        prove_open(*sockets)
    assert found == wanted, f"{len(sockets)} joined {room}, and GET /rooms says {words(found)}."


def lend(lab: Lab, reader: str, title: str) -> int:
    """Lend a book, and give how many were told."""
    response = lab.post("/loans", json={"reader": reader, "title": title})
    assert response.status_code == 201
    told: int = response.json()["told"]
    return told


@pytest.mark.task("join_rooms")
def test_members_are_counted(lab: Lab, fake: Fake) -> None:
    """Clients that join a room are counted there, in several rooms too, and each once."""
    poetry, crime = some_room(fake), some_room(fake)
    with lab.sockets(2, "/live/Ada") as (first, second):
        for room in (poetry, poetry, crime):
            first.send_json({"do": "join", "room": room})
        found = wait_for(lab, {poetry: 1, crime: 1})
        assert found == {poetry: 1, crime: 1}, (
            f"One client has joined {poetry}, twice, and {crime}. GET /rooms says {words(found)}."
        )
        join(lab, poetry, [second], already=1)
        assert members(lab, crime) == {crime: 1}


@pytest.mark.task("join_rooms")
def test_left_room_is_left(lab: Lab, fake: Fake) -> None:
    """Who leaves a room is no longer counted; a room that all have left is not listed."""
    poetry, crime = some_room(fake), some_room(fake)
    with lab.sockets(2, "/live/Ada") as (first, second):
        join(lab, poetry, (first, second))
        join(lab, crime, [first])
        first.send_json({"do": "leave", "room": poetry})
        first.send_json({"do": "leave", "room": crime})
        found = wait_for(lab, {poetry: 1}, crime)
        assert found == {poetry: 1}, (
            "One of two has left one room, the last one has left the other, and GET /rooms says "
            f"{words(found)}."
        )


@pytest.mark.task("join_rooms")
def test_leaving_a_strange_room_does_no_harm(lab: Lab, fake: Fake) -> None:
    """To leave a room in which one is not, or twice, changes nothing and ends nothing."""
    poetry, crime = some_room(fake), some_room(fake)
    with lab.sockets(2, "/live/Ada") as (first, second):
        join(lab, poetry, [first])
        for room in (crime, poetry):
            second.send_json({"do": "leave", "room": room})
        join(lab, crime, [second])
        assert members(lab, poetry) == {poetry: 1}


@pytest.mark.task("publish")
def test_subscribers_are_told_and_counted(lab: Lab, fake: Fake) -> None:
    """POST /loans tells every subscriber of `loans`, the diary too, and says how many."""
    reader, title = fake.name(), fake.title()
    with lab.sockets(2, "/live/Ada") as sockets:
        wait_for(lab, {"loans": 1})
        for socket in sockets:
            socket.send_json({"do": "join", "room": "loans"})
        wait_for(lab, {"loans": 3})
        assert lend(lab, reader, title) == 3, "Two clients and the diary listen."
    entry = lab.get("/diary").json()[-1]
    assert entry["room"] == "loans"
    assert entry["reader"] == reader
    assert entry["text"] == f"has borrowed {title}"


@pytest.mark.task("publish")
def test_messages_of_a_room_are_numbered(lab: Lab, fake: Fake) -> None:
    """The messages of a room are numbered 1, 2, 3, ...; other rooms have numbers of their own."""
    poetry, drama, crime, empty = (some_room(fake) for _ in range(4))
    with lab.sockets(2, "/live/Ada") as (socket, other):
        for one, room in ((socket, poetry), (other, drama)):
            one.send_json({"do": "join", "room": "loans"})
            join(lab, room, [one])
        lend(lab, fake.name(), fake.title())
        say(socket, poetry, fake.sentence())
        say(socket, empty, "Nobody is here.")
        join(lab, crime, [socket])
        assert members(lab, empty) == {}, "What is said in an empty room made the room exist."
        for _ in range(2):
            lend(lab, fake.name(), fake.title())
    numbers = noted(lab, 3)
    assert len(numbers) == 3, f"Three books were lent, the diary has noted {len(numbers)}."
    assert numbers == list(range(numbers[0], numbers[0] + 3)), (
        f"Three books were lent, the numbers in the diary are {numbers}."
    )


@pytest.mark.task("write")
def test_members_hear_what_is_said(lab: Lab, fake: Fake) -> None:
    """What is said in a room comes to its members with room, number and reader."""
    poetry, crime, text, other = some_room(fake), some_room(fake), fake.sentence(), fake.sentence()
    with lab.sockets([f"/live/{name}" for name in ("Ada", "Ben", "Cleo")]) as (ada, ben, cleo):
        join(lab, poetry, (ada, ben))
        join(lab, crime, [cleo])
        say(ada, poetry, text)
        say(ada, crime, other)
        assert hear(ben) == {"room": poetry, "number": 1, "reader": "Ada", "text": text}
        assert hear(cleo) == {"room": crime, "number": 1, "reader": "Ada", "text": other}


@pytest.mark.task("write")
def test_all_hear_the_same_order(lab: Lab, fake: Fake) -> None:
    """When two speak at once, all listeners hear the same messages in the same order."""
    room = some_room(fake)
    with lab.sockets(4, "/live/Ada") as (first, second, *listeners):
        join(lab, room, listeners)
        for _ in range(10):
            say(first, room, fake.sentence())
            say(second, room, fake.sentence())
        heard = [hear_all(listener, 20) for listener in listeners]
        for numbers in heard:
            assert numbers == list(range(1, 21)), (
                f"Twenty messages were said, and a listener heard the numbers {numbers}."
            )


@pytest.mark.task("write")
def test_a_hundred_members_hear(lab: Lab, fake: Fake) -> None:
    """A message comes to a hundred members of a room."""
    room, text = some_room(fake), fake.sentence()
    with lab.sockets(101, "/live/Ada") as (speaker, *listeners):
        join(lab, room, listeners)
        say(speaker, room, text)
        heard = 0
        while heard < 100 and hear(listeners[heard]) is not None:
            heard += 1
        assert heard == 100, f"Of a hundred members, {heard} heard the message, the next did not."


@pytest.mark.task("spare_sender")
def test_sender_does_not_hear_itself(lab: Lab, fake: Fake) -> None:
    """Who says something does not hear it; the reader's other device does."""
    room, text, reply = some_room(fake), fake.sentence(), fake.sentence()
    with lab.sockets(2, "/live/Ada") as (phone, tablet):
        join(lab, room, (phone, tablet))
        say(phone, room, text)
        assert hear(tablet) == {"room": room, "number": 1, "reader": "Ada", "text": text}
        say(tablet, room, reply)
        assert hear(phone) == {"room": room, "number": 2, "reader": "Ada", "text": reply}, (
            "The phone said number 1 and had to hear number 2 only."
        )


def flood(
    lab: Lab, room: str, speaker: RecordedSocket, quick: RecordedSocket, slow: RecordedSocket
) -> int:
    """Say more than the slow client's way can hold, and give how much the quick one hears.

    Each message waits until the quick client has heard the one before.
    """
    join(lab, room, (quick, slow))
    for number in range(FLOOD):
        say(speaker, room, LONG)
        if hear(quick) is None:
            prove_open(speaker, quick)
            return number
    return FLOOD


@pytest.mark.task("bound_mailbox")
def test_slow_client_delays_nobody(lab: Lab, fake: Fake) -> None:
    """While one client does not read, the others hear every message at once."""
    room = some_room(fake)
    with lab.sockets(3, "/live/Ada") as (speaker, quick, slow):
        heard = flood(lab, room, speaker, quick, slow)
        assert heard == FLOOD, (
            f"One client did not read. The other one heard {heard} messages, then no more."
        )
        slow.abort()


@pytest.mark.task("bound_mailbox")
def test_slow_client_keeps_the_newest(lab: Lab, fake: Fake) -> None:
    """For a client that does not read, the newest 20 messages are kept, and older ones dropped."""
    room = some_room(fake)
    with lab.sockets(3, "/live/Ada") as (speaker, quick, slow):
        flood(lab, room, speaker, quick, slow)
        numbers: list[int] = []
        while FLOOD not in numbers and (one := hear_all(slow, 1)):
            numbers += one
        assert numbers[-MAILBOX:] == list(range(FLOOD - MAILBOX + 1, FLOOD + 1)), (
            f"Of {FLOOD} messages, the last {MAILBOX} had to be kept. When the client reads again, "
            f"it hears {len(numbers)} messages, the last one is {numbers[-1:]}."
        )
        assert len(numbers) < FLOOD, (
            f"The client read nothing, and all {FLOOD} messages were kept for it: with a client "
            "that never reads again, they fill the memory."
        )
        assert numbers == sorted(set(numbers))


@pytest.mark.task("clean_up")
@pytest.mark.parametrize("way", ["closed", "cut", "failed"])
def test_gone_client_is_in_no_room(lab: Lab, fake: Fake, way: str) -> None:
    """A client that has closed, was cut off or has failed is in none of its rooms any more."""
    poetry, crime = some_room(fake), some_room(fake)
    with lab.sockets(2, "/live/Ada") as (going, staying):
        join(lab, poetry, (going, staying))
        join(lab, crime, [going])
        match way:
            case "closed":
                going.close()
            case "cut":
                going.abort()
            case "failed":
                going.send_json({"do": "shout", "room": poetry})
        found = wait_for(lab, {poetry: 1}, crime)
        assert found == {poetry: 1}, (
            f"A client's connection has {way}, and GET /rooms still says {words(found)}."
        )


@pytest.mark.task("clean_up")
def test_writers_end_with_their_clients(launch: Launch, rng: random.Random) -> None:
    """When all clients are gone, no task is left that waits for their mailboxes."""
    lab = launch()
    before = lab.get("/health").json()
    with lab.sockets(50, "/live/Ada") as sockets:
        join(lab, "poetry", sockets)
        for socket in rng.sample(sockets, 20):
            socket.abort()
    after = lab.until(lambda: lab.get("/health").json(), before, PATIENCE)
    assert after == before, (
        f"All have left, and {after['tasks'] - before['tasks']} tasks run on for nobody."
    )


@pytest.mark.task("clean_up")
def test_client_may_die_in_mid_message(launch: Launch, fake: Fake) -> None:
    """A client that is cut off while the app sends to it disturbs nobody and is let go."""
    lab, room = launch(), some_room(fake)
    before = lab.get("/health").json()
    with lab.sockets(3, "/live/Ada") as (speaker, quick, slow):
        flood(lab, room, speaker, quick, slow)
        slow.abort()
        assert wait_for(lab, {room: 1}) == {room: 1}
        say(speaker, room, "Still there?")
        assert hear(quick) == {
            "room": room,
            "number": FLOOD + 1,
            "reader": "Ada",
            "text": "Still there?",
        }
    assert lab.until(lambda: lab.get("/health").json(), before, PATIENCE) == before
    raised = escaped(lab)
    assert raised == "", f"A client died, and the app raised {raised}"
