"""What 5.7.8 asks.

Several real instances of the app share one real Redis; a real Caddy with the learner's Caddyfile
stands in front of them where the task says so. What counts is who hears what, and in which order.
"""

import contextlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from functools import partial

import httpx
import pytest

from checker.judge.api import (
    Fake,
    Lab,
    Launch,
    Proxy,
    RecordedSocket,
    Redis,
    RequestTimeout,
)

PATIENCE = 1.0  # seconds in which something must have happened, however busy the machine is
LONG = "x" * 100_000
FLOOD = 80  # long messages, more than all buffers between the app and a client hold
SERVICE_RESTART = 1012
NOT_RENEWED = "A reader has been sitting there longer than SEAT_SECONDS, and is counted no more."
SERVE = ["uvicorn", "library.app:app", "--timeout-graceful-shutdown", "2", "--port", "{port}"]


def some_room(fake: Fake) -> str:
    """Make up a room that no other check uses."""
    return f"{fake.word()}-{fake.year()}"


def hear(socket: RecordedSocket) -> str | None:
    """Give the text of the next message, or None if none comes while patience lasts."""
    try:
        return str(socket.recv_json(PATIENCE)["text"])
    except RequestTimeout:
        return None


def say(lab: Lab, room: str, text: str) -> str:
    """Say something in a room, and give the id of the message."""
    response = lab.post(f"/rooms/{room}/messages", json={"reader": "Ada", "text": text})
    assert response.status_code == 201
    return str(response.json()["id"])


def texts(response: httpx.Response) -> list[str]:
    """List the texts of the messages in an answer."""
    assert response.status_code == 200
    return [message["text"] for message in response.json()]


@contextlib.contextmanager
def joined(lab: Lab, room: str, after: str = "0") -> Iterator[tuple[RecordedSocket, str]]:
    """Join a room; give the socket, and the instance that serves it."""
    with lab.websocket(f"/rooms/{room}", params={"after": after}) as socket:
        yield socket, str(socket.recv_json()["instance"])


def start(launch: Launch, *names: str, **env: str) -> list[Lab]:
    """Start instances with these names, each on a port of its own, by the command `uvicorn`."""
    labs = [launch(env={"INSTANCE": name, **env}, command=[*SERVE], ready=False) for name in names]
    for lab in labs:
        lab.launched.wait_ready()
    return labs


# -- one log ---------------------------------------------------------------------------------------


@pytest.mark.task("keep_messages")
def test_every_instance_reads_the_log(lab: Lab, launch: Launch, fake: Fake) -> None:
    """What was said at one instance can be read at another one, in the order of the ids."""
    other, room = launch(), some_room(fake)
    said = [fake.sentence() for _ in range(4)]
    ids = [say(instance, room, text) for instance, text in zip([lab, other] * 2, said, strict=True)]
    for instance in (lab, other):
        assert texts(instance.get(f"/rooms/{room}/messages")) == said, (
            "Four things were said, two of them at each instance. Either must list all four."
        )
        assert texts(instance.get(f"/rooms/{room}/messages?after={ids[1]}")) == said[2:], (
            "Four things were said, and `after` is the id of the second: behind it is the third."
        )


@pytest.mark.task("keep_messages")
def test_the_log_outlives_its_instance(launch: Launch, fake: Fake) -> None:
    """When an instance is killed and started again, it still knows what was said."""
    lab, room, text = launch(), some_room(fake), fake.sentence()
    say(lab, room, text)
    lab.restart()
    assert texts(lab.get(f"/rooms/{room}/messages")) == [text]


@pytest.mark.task("keep_messages")
def test_the_log_does_not_grow_for_ever(launch: Launch, redis: Redis, fake: Fake) -> None:
    """Of a room in which 2,000 things were said, about KEEP messages are kept: the newest."""
    lab, room, text = launch(env={"KEEP": "100"}), some_room(fake), fake.sentence()
    with redis.client.pipeline() as pipeline:
        for number in range(2000):
            pipeline.xadd(f"log:{room}", {"reader": "Ben", "text": str(number)})
        pipeline.execute()
    say(lab, room, text)
    kept = texts(lab.get(f"/rooms/{room}/messages"))
    assert kept[-1:] == [text], "The newest message is not the last one in the log."
    assert 100 <= len(kept) <= 300, f"KEEP is 100, and {len(kept)} messages were kept."


# -- follow a room ---------------------------------------------------------------------------------


@pytest.mark.task("follow_room")
def test_a_reader_hears_what_was_missed_and_what_comes(lab: Lab, fake: Fake) -> None:
    """A reader who joins with `after` gets what is behind that id, then each new message."""
    room = some_room(fake)
    first, missed, *coming = [fake.sentence() for _ in range(4)]
    after = say(lab, room, first)
    say(lab, room, missed)
    with joined(lab, room, after) as (socket, _):
        assert hear(socket) == missed
        for text in coming:
            say(lab, room, text)
            heard = hear(socket)
            assert heard is not None, "Something was said, and a reader in the room heard nothing."
            assert heard == text


@pytest.mark.task("follow_room")
def test_nothing_is_lost_while_a_reader_catches_up(lab: Lab, redis: Redis, fake: Fake) -> None:
    """What is said while the app still sends what was missed, reaches the reader too, once."""
    room, text, last = some_room(fake), fake.sentence(), fake.sentence()
    for number in range(FLOOD):
        redis.client.xadd(f"log:{room}", {"reader": "Ben", "text": f"{number} {LONG}"})
    with joined(lab, room) as (socket, _):  # it reads nothing yet, and the app has to wait
        say(lab, room, text)
        heard = [hear(socket) for _ in range(FLOOD + 1)]
        say(lab, room, last)
        numbers = [str(one).split()[0] for one in heard[:FLOOD]]
        assert numbers == [str(number) for number in range(FLOOD)]
        assert heard[FLOOD] == text, (
            f"A reader was being sent the {FLOOD} messages that they had missed when another one "
            "was said. That one never came."
        )
        assert hear(socket) == last


# -- several instances -----------------------------------------------------------------------------


@pytest.mark.task("wake_everywhere")
def test_instances_hear_each_other(lab: Lab, launch: Launch, fake: Fake) -> None:
    """Readers at two instances hear the same, once and in the same order, wherever it was said."""
    other, room = launch(), some_room(fake)
    said = [fake.sentence() for _ in range(4)]
    with joined(lab, room) as (here, _), joined(other, room) as (there, _):
        for instance, text in zip([lab, other] * 2, said, strict=True):
            say(instance, room, text)
            for socket in (here, there):
                heard = hear(socket)
                assert heard is not None, (
                    "Something was said at one instance, and a reader at the other heard nothing."
                )
                assert heard == text


@pytest.mark.task("wake_everywhere")
def test_other_rooms_stay_quiet(lab: Lab, launch: Launch, fake: Fake) -> None:
    """A reader hears only their own room, at any instance."""
    other, room, text = launch(), some_room(fake), fake.sentence()
    with joined(other, room) as (socket, _):
        say(lab, f"{room}-next-door", "Not for you.")
        say(lab, room, text)
        assert hear(socket) == text


@pytest.mark.task("wake_everywhere")
def test_a_lost_bell_is_made_up_for(lab: Lab, launch: Launch, redis: Redis, fake: Fake) -> None:
    """After its connection to Redis was cut, an instance makes up for the bells that it missed."""
    other, room, text = launch(), some_room(fake), fake.sentence()
    with joined(lab, room) as (here, _), joined(other, room) as (there, _):
        say(lab, room, "All is well.")
        assert [hear(here), hear(there)] == ["All is well."] * 2
        redis.client.xadd(f"log:{room}", {"reader": "Ben", "text": text})  # and its bell is lost
        redis.hang_up()
        for socket in (here, there):
            assert hear(socket) == text, (
                "A message was added to the log just when the connections to Redis were cut, so "
                "that its bell was lost. A reader does not hear of it."
            )


def readers(lab: Lab, room: str) -> int:
    """Ask how many readers are in a room."""
    response = lab.get(f"/rooms/{room}")
    assert response.status_code == 200
    return int(response.json()["readers"])


@pytest.mark.task("count_readers")
def test_readers_of_all_instances_are_counted(lab: Lab, launch: Launch, fake: Fake) -> None:
    """GET /rooms/{room} counts the readers at all instances; who leaves counts no more, at once."""
    other, room = launch(), some_room(fake)
    with joined(lab, room), joined(lab, room) as (leaving, _), joined(other, room):
        for one in (lab, other):
            known = one.until(partial(readers, one, room), 3, PATIENCE)
            assert known == 3, f"Two readers are at one instance, one at another: it knows {known}."
        leaving.close()
        assert lab.until(lambda: readers(other, room), 2, PATIENCE) == 2, "One of three has left."


@pytest.mark.task("count_readers")
def test_a_dead_instance_leaves_no_ghosts(launch: Launch, fake: Fake) -> None:
    """The readers of an instance that was killed are counted no more after SEAT_SECONDS."""
    room = some_room(fake)
    north, south = start(launch, "north", "south", SEAT_SECONDS="0.2")
    with joined(south, room), joined(north, room):
        assert south.until(lambda: readers(south, room), 2, PATIENCE) == 2, NOT_RENEWED
        north.close()
        left = south.until(lambda: readers(south, room), 1, 2 * PATIENCE)
        assert left < 2, f"One of two instances was killed. The other one still counts {left}."
        south.until(lambda: readers(south, room), 0, 0.4)
        assert south.until(lambda: readers(south, room), 1, PATIENCE) == 1, NOT_RENEWED


# -- behind a proxy --------------------------------------------------------------------------------


def wait_for_both(front: Lab, method: str, path: str) -> None:
    """Let the proxy find both instances well; one that does not use both is told of later."""
    seen: set[str] = set()

    def look() -> int:
        response = front.request(method, path, params={"room": "hall"})
        if response.is_success:
            seen.add(str(response.json()["instance"]))
        return len(seen)

    front.until(look, 2, PATIENCE)


@pytest.mark.task("balance_sockets")
def test_new_sockets_go_where_the_fewest_are(launch: Launch, proxy: Proxy, fake: Fake) -> None:
    """Twenty sockets are spread over two instances; one that loses its ten gets the new ones."""
    front, room = proxy(*start(launch, "north", "south")), some_room(fake)
    wait_for_both(front, "GET", "/health")
    with ExitStack() as stay, ExitStack() as leave:
        served = []
        for _ in range(20):  # a proxy that throws dice hardly ever does the same
            visit = joined(front, room)
            name = visit.__enter__()[1]
            (leave if name == "north" else stay).push(visit.__exit__)
            served.append(name)
        counts = {name: served.count(name) for name in ("north", "south")}
        assert counts == {"north": 10, "south": 10}, (
            f"Twenty sockets were spread like this: {counts}."
        )
        leave.close()
        served = [stay.enter_context(joined(front, room))[1] for _ in range(9)]
        assert served == ["north"] * 9, (
            "One instance had 10 sockets, the other, `north`, had lost all of its own. The next "
            f"nine went to {', '.join(served)}."
        )


def say_through(front: Lab, room: str, said: Sequence[str]) -> None:
    """Say things through the proxy, while one of its instances is gone."""
    for text in said:
        response = front.post(f"/rooms/{room}/messages", json={"reader": "Ada", "text": text})
        assert response.status_code == 201, "One of two instances is gone."


@pytest.mark.task("survive_restarts")
def test_a_missing_instance_is_not_noticed(launch: Launch, proxy: Proxy, fake: Fake) -> None:
    """While one of two instances is down, requests and new sockets are served by the other one."""
    north, south = start(launch, "north", "south")
    front, room = proxy(north, south), some_room(fake)
    with ExitStack() as stack:
        for _ in range(4):
            stack.enter_context(joined(front, room))
        north.stop()
        say_through(front, room, [fake.sentence() for _ in range(8)])
        assert stack.enter_context(joined(front, room))[1] == "south"


@pytest.mark.task("survive_restarts")
def test_an_ill_instance_gets_nothing(launch: Launch, proxy: Proxy) -> None:
    """An instance that runs, but says by /health that it is ill, soon gets no requests."""
    (ill,) = start(launch, "ill", REDIS_URL="redis://127.0.0.1:9/0")
    north, south = start(launch, "north", "south")
    front = proxy(north, ill, south, env={"HEALTH_INTERVAL": "200ms"})

    def ask() -> bool:
        return all(front.get("/health").status_code == 200 for _ in range(24))

    assert front.until(ask, True, 3 * PATIENCE), (
        "One of three instances has no Redis and answers 503 to /health. It still gets requests."
    )


@pytest.mark.task("survive_restarts")
def test_a_rolling_restart_loses_nothing(launch: Launch, proxy: Proxy, fake: Fake) -> None:
    """While both instances are restarted, one after the other, a reader who comes back hears all.

    The reader joins again with the id of the last message. Something is said while they are away.
    """
    labs = dict(zip(("north", "south"), start(launch, "north", "south"), strict=True))
    front = proxy(*labs.values(), env={"HEALTH_INTERVAL": "200ms"})
    room = some_room(fake)
    said, after = [fake.sentence() for _ in range(5)], "0"
    heard: list[str] = []
    say_through(front, room, said[:1])
    for turn in (1, 3, 5):
        with joined(front, room, after) as (socket, name):
            while len(heard) < turn:
                message = socket.recv_json(PATIENCE)
                heard.append(message["text"])
                after = message["id"]
            assert heard == said[:turn]
            if turn == 5:
                break
            labs[name].stop()
            assert socket.wait_closed(PATIENCE) == SERVICE_RESTART
            say_through(front, room, said[turn : turn + 1])
        labs[name].start()
        say_through(front, room, said[turn + 1 : turn + 2])


@pytest.mark.task("stick_polls")
def test_a_poll_finds_its_instance(launch: Launch, proxy: Proxy, fake: Fake) -> None:
    """24 readers poll through two instances, and each request comes to the one that knows them."""
    north, south = start(launch, "north", "south")
    front, room = proxy(north, south), some_room(fake)
    wait_for_both(front, "POST", "/polls")
    polls = []
    for _ in range(24):
        response = front.post("/polls", params={"room": room})
        assert response.status_code == 201
        cookie = response.headers.get("set-cookie", "").partition(";")[0]
        polls.append((response.json(), {"cookie": cookie} if cookie else {}))
    text = fake.sentence()
    say(north, room, text)
    for wanted in ([text], []):
        answers = [front.get(f"/polls/{poll['poll']}", headers=headers) for poll, headers in polls]
        lost = sum(answer.status_code == 404 for answer in answers)
        assert texts(front.get(f"/rooms/{room}/messages")) == [text]
        assert lost == 0, (
            f"24 readers came back, and {lost} of them were sent to the other instance, which does "
            "not know their poll."
        )
        for answer in answers:
            assert texts(answer) == wanted
    served = {poll["instance"] for poll, _ in polls}
    assert served == {"north", "south"}, f"All 24 polls are at one instance: {served.pop()}."
