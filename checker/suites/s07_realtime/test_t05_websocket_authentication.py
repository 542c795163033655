"""What 5.7.5 asks.

The judge signs tokens of its own with the key of the lab's `.env`. A refused handshake is an HTTP
answer with a status; a socket that was opened ends with a close code.
"""

import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager

import pytest

from checker.judge.api import (
    Fake,
    HandshakeRefused,
    Lab,
    Launch,
    RecordedSocket,
    SocketClosed,
    sign_token,
)

LIBRARY = "https://library.example"
HOUR = 3600
MOMENTS = (0.1, 0.3, 0.9, 1.9)  # seconds that a token has which is about to expire
OVERTIME = 1.5  # seconds after its token's end that a socket must surely have been closed

Claims = dict[str, object]


def key_of(lab: Lab) -> str:
    """Read the key in the lab's `.env`."""
    lines = [line.partition("=") for line in lab.file(".env").splitlines()]
    return {name.strip(): value.strip() for name, _, value in lines}["LIBRARY_KEY"]


def sign(lab: Lab, name: str, **claims: object) -> str:
    """Sign a token for a reader; a claim that is None is left out."""
    wanted = {"sub": name, "exp": int(time.time()) + HOUR} | claims
    kept = {claim: value for claim, value in wanted.items() if value is not None}
    return sign_token(kept, key_of(lab))


def bearer(token: str) -> dict[str, str]:
    """Give the header that carries a token."""
    return {"Authorization": f"Bearer {token}"}


def cookie(token: str) -> dict[str, str]:
    """Give the header with which a browser sends its cookies."""
    return {"Cookie": f"token={token}"}


def forge(lab: Lab, name: str) -> str:
    """Sign a token with a key that is not the library's."""
    del lab
    return sign_token({"sub": name, "exp": int(time.time()) + HOUR}, "x" * 40)


def leave_unsigned(lab: Lab, name: str) -> str:
    """Give a token that says itself that it has no signature."""
    del lab
    return sign_token({"sub": name, "exp": int(time.time()) + HOUR}, "", "none")


BAD_TOKENS: Mapping[str, Callable[[Lab, str], str]] = {
    "is signed with another key": forge,
    "is not signed, and says so itself (alg: none)": leave_unsigned,
    "expired an hour ago": lambda lab, name: sign(lab, name, exp=int(time.time()) - HOUR),
    "never expires (it has no exp)": lambda lab, name: sign(lab, name, exp=None),
    "names nobody (it has no sub)": lambda lab, name: sign(lab, name, sub=None),
    "is no token at all": lambda _lab, name: f"token-of-{name.split()[0]}",
}


def buy_ticket(lab: Lab, name: str) -> str:
    """Buy a ticket with a good token."""
    response = lab.post("/tickets", headers=bearer(sign(lab, name)))
    assert response.status_code == 201
    ticket: str = response.json()["ticket"]
    return ticket


def open_chat(lab: Lab, *members: str) -> str:
    """Begin a chat between readers, and give the path of its door."""
    return f"/chats/{lab.call('library.chats:open_chat', list(members))['id']}"


@pytest.mark.task("check_token")
def test_good_token_names_its_reader(lab: Lab, fake: Fake) -> None:
    """A valid token says who the reader is: GET /me answers 200 with the name."""
    name = fake.name()
    response = lab.get("/me", headers=bearer(sign(lab, name)))
    assert response.status_code == 200
    assert response.json()["name"] == name


@pytest.mark.task("check_token")
@pytest.mark.parametrize("flaw", BAD_TOKENS)
def test_bad_token_is_refused(lab: Lab, fake: Fake, flaw: str) -> None:
    """Whatever is wrong with a token, GET /me answers 401."""
    response = lab.get("/me", headers=bearer(BAD_TOKENS[flaw](lab, fake.name())))
    assert response.status_code == 401, f"This token {flaw}."


@pytest.mark.task("guard_desk")
def test_desk_knows_the_reader(lab: Lab, fake: Fake) -> None:
    """WS /desk opens for a token in the header, and welcomes its reader by name."""
    name, words = fake.name(), fake.sentence()
    with lab.websocket("/desk", headers=bearer(sign(lab, name))) as socket:
        assert socket.recv_json() == {"type": "welcome", "reader": name}
        socket.send(words)
        assert socket.recv_json() == {"type": "note", "from": name, "text": words}


@pytest.mark.task("guard_desk")
def test_desk_refuses_before_it_accepts(lab: Lab, fake: Fake) -> None:
    """Without a token, or with a bad one, the handshake of WS /desk is answered with 401."""
    response = lab.handshake("/desk")
    assert response.status_code == 401, "This visitor shows no token at all."
    response = lab.handshake("/desk", headers=bearer(forge(lab, fake.name())))
    assert response.status_code == 401, "This token is signed with another key."


@pytest.mark.task("first_message")
def test_login_opens_the_assistants_door(lab: Lab, fake: Fake) -> None:
    """WS /assistant says nothing before the login, and welcomes the reader by name after it."""
    name, words = fake.name(), fake.sentence()
    with lab.websocket("/assistant") as socket:
        socket.send_json({"type": "login", "token": sign(lab, name)})
        assert socket.recv_json() == {"type": "welcome", "reader": name}
        socket.send(words)
        assert socket.recv_json() == {"type": "note", "from": name, "text": words}


@pytest.mark.task("first_message")
@pytest.mark.parametrize("flaw", ["forged", "no login", "no token", "not JSON", "binary"])
def test_anything_else_is_closed(lab: Lab, fake: Fake, flaw: str) -> None:
    """Whatever else comes first, WS /assistant closes with 1008, and answers nothing."""
    firsts: dict[str, str | bytes] = {
        "forged": f'{{"type": "login", "token": "{forge(lab, fake.name())}"}}',
        "no login": f'"{fake.sentence()}"',
        "no token": '{"type": "login"}',
        "not JSON": fake.sentence(),
        "binary": fake.sentence().encode(),
    }
    with lab.websocket("/assistant") as socket:
        socket.send(firsts[flaw])
        assert socket.wait_closed() == 1008
        assert messages(socket) == [], "A stranger got an answer before the socket was closed."


@pytest.mark.task("first_message")
def test_silent_visitor_is_not_kept(launch: Launch) -> None:
    """Who sends nothing for LIBRARY_LOGIN_SECONDS is closed with 1008 too."""
    lab = launch(env={"LIBRARY_LOGIN_SECONDS": "0.05"})
    with lab.websocket("/assistant") as socket:
        lab.until(lambda: socket.close_code is not None, True, OVERTIME)
        assert socket.close_code == 1008, "The visitor has sent nothing, and may stay."


@pytest.mark.task("use_ticket")
def test_ticket_opens_a_chat(lab: Lab, fake: Fake) -> None:
    """POST /tickets answers 201 with a ticket, which opens a chat's door: `?ticket=...`."""
    name = fake.name()
    with lab.websocket(open_chat(lab, name), params={"ticket": buy_ticket(lab, name)}) as socket:
        assert socket.recv_json() == {"type": "welcome", "reader": name}


@pytest.mark.task("use_ticket")
def test_ticket_costs_a_token(lab: Lab, fake: Fake) -> None:
    """Without a token, or with a bad one, POST /tickets answers 401."""
    response = lab.post("/tickets")
    assert response.status_code == 401
    response = lab.post("/tickets", headers=bearer(forge(lab, fake.name())))
    assert response.status_code == 401


@pytest.mark.task("use_ticket")
def test_ticket_opens_once(lab: Lab, fake: Fake) -> None:
    """A ticket opens the door once; the second handshake is answered with 401."""
    name = fake.name()
    door, ticket = open_chat(lab, name), buy_ticket(lab, name)
    response = lab.handshake(door, params={"ticket": ticket})
    assert response.status_code == 101
    response = lab.handshake(door, params={"ticket": ticket})
    assert response.status_code == 401, (
        "This ticket was used before. It stands in the server's log, and whoever reads it there "
        "came in with it."
    )


@pytest.mark.task("use_ticket")
def test_ticket_does_not_last(launch: Launch, fake: Fake) -> None:
    """After LIBRARY_TICKET_SECONDS a ticket is worth nothing: 401."""
    lab, name = launch(env={"LIBRARY_TICKET_SECONDS": "0.02"}), fake.name()
    door, ticket = open_chat(lab, name), buy_ticket(lab, name)
    time.sleep(0.05)
    response = lab.handshake(door, params={"ticket": ticket})
    assert response.status_code == 401, "This ticket was bought for 20 ms, and used after 50 ms."


@pytest.mark.task("use_ticket")
def test_ticket_cannot_be_guessed(lab: Lab, fake: Fake, rng: random.Random) -> None:
    """Tickets are long and random; one that was never sold, or none, is answered with 401."""
    name = fake.name()
    door, tickets = open_chat(lab, name), [buy_ticket(lab, name) for _ in range(2)]
    assert tickets[0] != tickets[1], "Two tickets are the same."
    assert len(tickets[0]) >= 20, (
        f"Whoever tries for a while finds a ticket as short as {tickets[0]}."
    )
    for params in ({"ticket": f"{rng.getrandbits(160):x}"}, {}):
        response = lab.handshake(door, params=params)
        assert response.status_code == 401


@pytest.mark.task("use_ticket")
def test_token_stays_out_of_the_url(lab: Lab, fake: Fake) -> None:
    """A token in the query opens no chat any more, and a ticket holds no token."""
    name = fake.name()
    token = sign(lab, name)
    response = lab.handshake(open_chat(lab, name), params={"token": token})
    assert response.status_code == 401
    response = lab.post("/tickets", headers=bearer(token))
    assert response.status_code == 201
    assert token not in response.text, "The ticket holds the token, and the log will hold both."


@pytest.mark.task("check_origin")
def test_own_page_gets_in(lab: Lab, fake: Fake) -> None:
    """WS /shelf opens for a page of the library, and for a program that sends no Origin."""
    name = fake.name()
    for origin in ({"Origin": LIBRARY}, {}):
        with lab.websocket("/shelf", headers=cookie(sign(lab, name)) | origin) as socket:
            assert socket.recv_json() == {"type": "welcome", "reader": name}


@pytest.mark.task("check_origin")
@pytest.mark.parametrize(
    "origin",
    [
        "https://{word}.example",
        "https://library.example.{word}.example",
        "https://{word}-library.example",
        "http://library.example",
        "null",
    ],
)
def test_foreign_page_stays_outside(lab: Lab, fake: Fake, origin: str) -> None:
    """A handshake from any other origin is answered with 403, whatever cookie comes with it."""
    page = {"Origin": origin.format(word=fake.word())}
    response = lab.handshake("/shelf", headers=cookie(sign(lab, fake.name())) | page)
    assert response.status_code == 403, (
        f"The page came from {page['Origin']}; the browser added the reader's cookie by itself."
    )


@pytest.mark.task("join_chat")
def test_members_come_in(lab: Lab, fake: Fake, rng: random.Random) -> None:
    """Each member of a chat comes in."""
    names = [f"{fake.name()} {number}" for number in range(3)]
    name = rng.choice(names)
    with lab.websocket(open_chat(lab, *names), params={"ticket": buy_ticket(lab, name)}) as socket:
        assert socket.recv_json() == {"type": "welcome", "reader": name}


@pytest.mark.task("join_chat")
def test_others_stay_outside(lab: Lab, fake: Fake, rng: random.Random) -> None:
    """Any other reader is answered with 403, and cannot tell which chats there are."""
    name = fake.name()
    foreign = open_chat(lab, f"{name} junior", f"old {name}")
    for door in (foreign, f"/chats/{rng.randrange(10**6, 10**7)}"):
        response = lab.handshake(door, params={"ticket": buy_ticket(lab, name)})
        assert response.status_code == 403
        assert response.json() == {"detail": "Not your chat."}


@pytest.mark.task("end_expired")
def test_socket_ends_with_its_token(lab: Lab, fake: Fake) -> None:
    """When the token expires, the socket closes with 3000 and a reason: silent or talking."""
    with nearly_expired(lab, fake.name()) as (talking, silent, seconds):
        keep_talking(talking, seconds)
        assert talking.close_code == 3000, "This reader was writing when the token expired."
        lab.until(lambda: silent.close_code is not None, True, OVERTIME)
        assert silent.close_code == 3000, "This reader was silent when the token expired."
        assert silent.close_reason == "Token expired."


@contextmanager
def nearly_expired(lab: Lab, name: str) -> Iterator[tuple[RecordedSocket, RecordedSocket, float]]:
    """Open two sockets with a token that expires in a moment; on a busy machine, in a longer one.

    Beside them, give the seconds in which they must be closed. The time in a token is a whole
    second, so the moment before one is waited for.
    """
    with ExitStack() as stack:
        for moment in MOMENTS:
            now = time.time()
            expires = int(now + moment) + 1
            time.sleep(expires - moment - now)
            token = bearer(sign(lab, name, exp=expires))
            try:
                first, second = stack.enter_context(lab.sockets(2, "/desk", headers=token))
            except HandshakeRefused:
                if moment == MOMENTS[-1]:
                    raise
            else:
                break
        yield first, second, expires - time.time() + OVERTIME


def keep_talking(socket: RecordedSocket, seconds: float) -> None:
    """Write a note every few milliseconds, until the lab closes the socket or time is over."""
    until = time.monotonic() + seconds
    try:
        while time.monotonic() < until:
            socket.send("Still here.")
            socket.recv()
            time.sleep(0.02)
    except SocketClosed:
        return


def messages(socket: RecordedSocket) -> list[str]:
    """List what the lab has said on a socket, its close apart."""
    said = [one for one in socket.exchange.frames if not one.sent]
    return [one.text for one in said if one.kind in {"text", "binary"}]
