"""What 5.1.3 asks."""

import pytest

from checker.judge.api import Lab


@pytest.mark.task("greet")
def test_a_reader_is_greeted(lab: Lab) -> None:
    """The counter greets a reader by name."""
    with lab.websocket("/counter/3", params={"reader": "Ada"}) as socket:
        assert socket.recv_json() == {"counter": 3, "reader": "Ada"}


@pytest.mark.task("greet")
def test_nobody_is_refused(lab: Lab) -> None:
    """The counter refuses nobody before the socket is open."""
    response = lab.handshake("/counter/3", params={"reader": "nobody"})
    assert response.status_code == 403


@pytest.mark.task("answer")
def test_a_question_is_answered(lab: Lab) -> None:
    """A message that is no JSON is answered with an error, and the next one is answered too."""
    with lab.websocket("/counter/1", params={"reader": "Ada"}) as socket:
        socket.recv()
        socket.send("Emma, please")
        assert socket.recv_json() == {"error": "not JSON"}
        socket.send_json({"title": "Emma"})
        answer = socket.recv_json()
        assert answer["id"] == 1


@pytest.mark.task("answer")
def test_a_goodbye_closes_the_socket(lab: Lab) -> None:
    """A message without a title closes the socket with 1000."""
    with lab.websocket("/counter/1", params={"reader": "Ada"}) as socket:
        socket.recv()
        socket.send_json({"goodbye": True})
        assert socket.wait_closed() == 1000
        assert socket.close_reason == "goodbye"


@pytest.mark.task("pass_on")
def test_all_hear_what_one_says(lab: Lab) -> None:
    """In the hall everyone hears what one says."""
    with lab.sockets(2, "/hall") as (speaker, listener):
        speaker.send("the library closes")
        assert speaker.recv() == "the library closes"
        assert listener.recv() == "the library closes"


@pytest.mark.task("read")
def test_words_come_one_by_one(lab: Lab) -> None:
    """GET /words reads three words aloud."""
    with lab.stream("GET", "/words") as response:
        assert response.status_code == 200
        text = "".join(response.iter_text())
    assert text == "data: call\n\ndata: me\n\ndata: Ishmael\n\n"
