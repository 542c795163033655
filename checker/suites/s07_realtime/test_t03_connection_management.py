"""What 5.7.3 asks.

Clients leave in every way: with a close frame, cut off, or because the handler failed. What the
registry makes of it is read over HTTP, a moment later if need be. The heartbeat is judged by the
order of frames; only its pace is set, through the environment.
"""

import pytest

from checker.judge.api import Fake, Lab, Launch, RecordedSocket, RequestTimeout

PATIENCE = 1.0  # seconds in which something must have happened, however busy the machine is
PING = {"type": "ping"}
PONG = {"type": "pong"}


def some_reader(fake: Fake) -> str:
    """Make up a reader whom no other check knows."""
    return fake.email().partition("@")[0]


def count(lab: Lab, *readers: str) -> dict[str, int]:
    """Read from GET /readers how many connections these readers have."""
    response = lab.get("/readers")
    assert response.status_code == 200
    return {name: number for name, number in response.json().items() if name in readers}


def wait_for(lab: Lab, wanted: dict[str, int], *others: str) -> dict[str, int]:
    """Give the counts once they are as wanted, or when patience is over."""
    return lab.until(lambda: count(lab, *wanted, *others), wanted, PATIENCE)


def states(lab: Lab, reader: str) -> list[str]:
    """Read the states of a reader's connections."""
    response = lab.get(f"/readers/{reader}/connections")
    assert response.status_code == 200
    return [one["state"] for one in response.json()]


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


def turn(socket: RecordedSocket, page: int) -> object:
    """Turn to a page and give what the app says to that."""
    socket.send_json({"page": page})
    return hear(socket)


@pytest.mark.task("keep_registry")
def test_devices_of_readers_are_counted(lab: Lab, fake: Fake) -> None:
    """GET /readers counts the connections of each reader, several of one reader too."""
    first, second = some_reader(fake), some_reader(fake)
    wanted = {first: 2, second: 1}
    with lab.sockets([f"/live/{first}", f"/live/{first}", f"/live/{second}"]):
        found = wait_for(lab, wanted)
        assert found == wanted, f"Connected are {words(wanted)}. GET /readers knows {words(found)}."


@pytest.mark.task("keep_registry")
def test_each_device_is_described(lab: Lab, fake: Fake) -> None:
    """GET /readers/{reader}/connections describes each device with its own page."""
    reader, page = some_reader(fake), fake.year() % 300 + 2
    live = f"/live/{reader}?device="
    with lab.sockets([f"{live}phone", f"{live}tablet"]) as (_, tablet):
        assert turn(tablet, page) == {"noted": page}
        response = lab.get(f"/readers/{reader}/connections")
        assert response.status_code == 200
        devices = sorted(response.json(), key=lambda one: str(one["device"]))
        assert devices == [
            {"device": "phone", "page": 1, "state": "awake"},
            {"device": "tablet", "page": page, "state": "awake"},
        ]


@pytest.mark.task("keep_registry")
def test_hundreds_are_counted(lab: Lab, fake: Fake) -> None:
    """200 connections at once are all in the registry."""
    reader = some_reader(fake)
    wanted = {f"{reader}-{number}": 5 for number in range(40)}
    with lab.sockets([f"/live/{name}" for name in wanted for _ in range(5)]):
        found = wait_for(lab, wanted)
        assert sum(found.values()) == 200, f"Of 200 connections, it knows {sum(found.values())}."
        assert found == wanted


@pytest.mark.task("let_go")
def test_closed_device_is_taken_out(lab: Lab, fake: Fake) -> None:
    """A device that closes its connection leaves the registry; the reader's other one stays."""
    reader, page = some_reader(fake), fake.year() % 300 + 2
    with lab.sockets(2, f"/live/{reader}") as (leaving, staying):
        wait_for(lab, {reader: 2})
        leaving.close()
        found = wait_for(lab, {reader: 1})
        assert found == {reader: 1}, (
            f"One of two devices has left. GET /readers knows {words(found)}."
        )
        assert turn(staying, page) == {"noted": page}


@pytest.mark.task("let_go")
def test_last_device_takes_the_reader_along(lab: Lab, fake: Fake) -> None:
    """When the last device has closed, the reader is no longer listed, not even with 0."""
    reader = some_reader(fake)
    with lab.websocket(f"/live/{reader}"):
        wait_for(lab, {reader: 1})
    found = wait_for(lab, {}, reader)
    assert found == {}, (
        f"Nobody is connected any more, and GET /readers still knows {words(found)}."
    )


@pytest.mark.task("let_go")
def test_cut_connection_is_taken_out(lab: Lab, fake: Fake) -> None:
    """A connection that is cut, without a close frame, leaves the registry."""
    reader = some_reader(fake)
    with lab.websocket(f"/live/{reader}") as socket:
        wait_for(lab, {reader: 1})
        socket.abort()
        found = wait_for(lab, {}, reader)
        assert found == {}, f"The connection was cut, and GET /readers still knows {words(found)}."


@pytest.mark.task("let_go")
def test_failed_conversation_is_taken_out(launch: Launch, fake: Fake) -> None:
    """A connection whose handler raises leaves the registry, and the error stays an error."""
    lab, reader = launch(), some_reader(fake)
    with lab.websocket(f"/live/{reader}") as socket:
        wait_for(lab, {reader: 1})
        socket.send_json({"page": 9999})
        found = wait_for(lab, {}, reader)
        assert found == {}, (
            "The handler failed, because the book has no page 9999, and GET /readers still knows "
            f"{words(found)}."
        )
        assert [one["type"] for one in lab.exceptions] == ["LookupError"], (
            "The LookupError of `turn_to` was swallowed: nobody will learn of this bug."
        )


@pytest.mark.task("let_go")
def test_leaving_is_no_error(launch: Launch, fake: Fake) -> None:
    """A device that leaves, orderly or cut off, raises nothing in the app."""
    lab, reader = launch(), some_reader(fake)
    with lab.sockets(2, f"/live/{reader}") as (orderly, cut):
        orderly.close()
        cut.abort()
        orderly.wait_handled()
        cut.wait_handled()
        raised = escaped(lab)
        assert raised == "", f"Two devices have left, and the app raised {raised}"


@pytest.mark.task("let_go")
def test_hundreds_leave_no_trace(launch: Launch, fake: Fake) -> None:
    """After 200 connections, closed, cut and failed, neither connections nor tasks are left."""
    lab, reader = launch(), some_reader(fake)
    before = lab.get("/health").json()
    with lab.sockets(200, f"/live/{reader}") as sockets:
        wait_for(lab, {reader: 200})
        for socket in sockets[:50]:
            socket.abort()
        for socket in sockets[50:100]:
            socket.send_json({"page": 0})
    after = lab.until(lambda: lab.get("/health").json(), before, PATIENCE)
    assert after["connections"] == 0, f"{after['connections']} of 200 connections were not let go."
    assert after["tasks"] == before["tasks"], (
        f"All have left, and {after['tasks'] - before['tasks']} tasks run on for nobody."
    )


@pytest.mark.task("reach_devices")
def test_notice_reaches_every_device(lab: Lab, fake: Fake) -> None:
    """A notice comes to each of the reader's devices, and to nobody else."""
    reader, other, text = some_reader(fake), some_reader(fake), fake.sentence()
    live = [f"/live/{reader}", f"/live/{reader}", f"/live/{other}"]
    with lab.sockets(live) as (phone, tablet, stranger):
        response = lab.post(f"/readers/{reader}/notices", json={"text": text})
        assert response.status_code == 200
        assert response.json() == {"sent": 2}
        lab.post(f"/readers/{other}/notices", json={"text": "for the other"})
        assert hear(phone) == {"notice": text}
        assert hear(tablet) == {"notice": text}
        assert hear(stranger) == {"notice": "for the other"}


@pytest.mark.task("reach_devices")
def test_absent_reader_cannot_be_reached(lab: Lab, fake: Fake) -> None:
    """A notice for a reader who is not connected is answered with 404."""
    response = lab.post(f"/readers/{some_reader(fake)}/notices", json={"text": fake.sentence()})
    assert response.status_code == 404


@pytest.mark.task("sign_out")
def test_signing_out_closes_every_device(lab: Lab, fake: Fake) -> None:
    """DELETE closes each of the reader's connections with 4001 and a reason, and no other."""
    reader, other, page = some_reader(fake), some_reader(fake), fake.year() % 300 + 2
    live = [f"/live/{reader}", f"/live/{reader}", f"/live/{other}"]
    with lab.sockets(live) as (phone, tablet, stranger):
        response = lab.delete(f"/readers/{reader}/connections")
        assert response.status_code == 200
        assert response.json() == {"closed": 2}
        assert count(lab, reader) == {}, "The reader has signed out, and is still listed."
        for device in (phone, tablet):
            device.wait_closed(PATIENCE)
            assert device.close_code == 4001
            assert device.close_reason == "Signed out."
        assert turn(stranger, page) == {"noted": page}


@pytest.mark.task("sign_out")
def test_signing_out_is_no_error(launch: Launch, fake: Fake) -> None:
    """The handlers of the connections that were signed out end without an exception."""
    lab, reader = launch(), some_reader(fake)
    with lab.websocket(f"/live/{reader}") as socket:
        response = lab.delete(f"/readers/{reader}/connections")
        assert response.status_code == 200
        assert response.json() == {"closed": 1}
        socket.wait_handled(PATIENCE)
        raised = escaped(lab)
        assert raised == "", f"The reader has signed out, and the handler raised {raised}"


@pytest.mark.task("heartbeat")
def test_silent_device_is_asked(launch: Launch, fake: Fake) -> None:
    """A silent device gets a ping; whatever it says makes it `awake`, until it is silent again."""
    lab, reader, page = launch(env={"HEARTBEAT": "0.2"}), some_reader(fake), fake.year() % 300 + 2
    with lab.websocket(f"/live/{reader}") as socket:
        assert hear(socket) == PING, "The device said nothing for a while, and was not asked."
        assert states(lab, reader) == ["silent"]
        assert turn(socket, page) == {"noted": page}
        assert states(lab, reader) == ["awake"]
        for _ in range(2):
            assert hear(socket) == PING
            socket.send_json(PONG)


@pytest.mark.task("heartbeat")
def test_mute_device_is_dropped(launch: Launch, fake: Fake) -> None:
    """A device that does not answer the ping is closed with 4008; one that answers stays."""
    lab, reader = launch(env={"HEARTBEAT": "0.2"}), some_reader(fake)
    with lab.sockets(2, f"/live/{reader}") as (mute, living):
        assert hear(living) == PING
        living.send_json(PONG)
        assert hear(mute) == PING
        assert hear(living) == PING
        living.send_json(PONG)
        mute.wait_closed(PATIENCE)
        assert mute.close_code == 4008
        assert mute.close_reason == "No sign of life."
        assert wait_for(lab, {reader: 1}) == {reader: 1}


@pytest.mark.task("heartbeat")
def test_dead_device_is_dropped(launch: Launch, fake: Fake) -> None:
    """A device whose network is gone, so that not even a close comes back, leaves the registry."""
    lab, reader = launch(env={"HEARTBEAT": "0.1"}), some_reader(fake)
    with lab.websocket(f"/live/{reader}") as socket:
        wait_for(lab, {reader: 1})
        socket.freeze()
        found = wait_for(lab, {}, reader)
        socket.abort()
        assert found == {}, f"The device is dead, and GET /readers still knows {words(found)}."
