"""The ways in which a lab that talks over WebSockets is broken."""

from functools import partial

from tests.golden.cases import Broken

Counter = partial(Broken, topic="5.1.3")

GREET = "test_a_reader_is_greeted"
NOBODY = "test_nobody_is_refused"
ASK = "test_a_question_is_answered"
GOODBYE = "test_a_goodbye_closes_the_socket"
HALL = "test_all_hear_what_one_says"
WORDS = "test_words_come_one_by_one"

ROUTE = '@app.websocket("/counter/{number}")'
ACCEPT = "    await socket.accept()\n    await socket.send_json("
GREETING = '{"counter": number, "reader": reader}'
CATCH = "    except ValueError:\n"

SOCKETS = (
    # the handshake
    Counter("socket_misspelt_path", GREET, ROUTE, '@app.websocket("/counters/{number}")'),
    Counter("socket_is_a_get", GREET, ROUTE, '@app.get("/counter/{number}")'),
    Counter("socket_no_route", HALL, '@app.websocket("/hall")', ""),
    Counter("socket_parameter", GREET, "number: int, reader: str", "number: int, name: str"),
    Counter("socket_not_accepted", GREET, ACCEPT, "    await socket.send_json("),
    Counter("socket_returns_at_once", GREET, ACCEPT, "    return\n" + ACCEPT),
    Counter("socket_closed_first", GREET, 'reader == "nobody"', 'reader == "Ada"'),
    Counter(
        "socket_denied",
        GREET,
        ACCEPT,
        "    from fastapi import HTTPException\n    raise HTTPException(404, 'no counter')\n"
        + ACCEPT,
    ),
    Counter("socket_raises_first", GREET, ACCEPT, '    reader["name"]\n' + ACCEPT),
    Counter("socket_never_accepted", GREET, ACCEPT, "    await asyncio.sleep(60)\n" + ACCEPT),
    Counter(
        "socket_should_be_refused",
        NOBODY,
        '        await socket.close(1008, "who are you?")',
        '        await socket.accept()\n        await socket.close(1008, "who are you?")',
    ),
    # messages
    Counter("message_value", GREET, '"reader": reader', '"reader": reader.lower()'),
    Counter("message_twice_encoded", GREET, GREETING, f"json.dumps({GREETING})"),
    Counter("message_not_json", GREET, f"send_json({GREETING})", "send_text(reader)"),
    Counter("message_binary", GREET, f"send_json({GREETING})", 'send_bytes(b"\\xff\\x00")'),
    Counter("message_key_missing", ASK, '{"id": BOOKS', '{"book": BOOKS'),
    Counter(
        "message_never_comes",
        GREET,
        ACCEPT,
        "    await socket.accept()\n    await answer(socket)\n    (lambda _: None)(",
    ),
    Counter(
        "message_held_up",
        GREET,
        ACCEPT,
        "    import time\n    await socket.accept()\n    time.sleep(2)\n"
        "    await socket.send_json(",
    ),
    Counter("message_to_one_only", HALL, "for one in HERE:", "for one in HERE[:1]:"),
    # the end
    Counter("socket_handler_raises", ASK, CATCH, "    except KeyError:\n"),
    Counter(
        "socket_http_exception",
        ASK,
        CATCH,
        CATCH + "        from fastapi import HTTPException\n        raise HTTPException(422)\n",
    ),
    Counter("socket_returns", ASK, CATCH, CATCH + "        return False\n"),
    Counter(
        "socket_closed_early",
        ASK,
        CATCH,
        CATCH + '        await socket.close(1003, "JSON only")\n        return False\n',
    ),
    Counter("close_missing", GOODBYE, '        await socket.close(1000, "goodbye")\n', ""),
    Counter(
        "close_never",
        GOODBYE,
        '        await socket.close(1000, "goodbye")\n',
        "        await socket.receive_text()\n",
    ),
    Counter("close_code", GOODBYE, "close(1000,", "close(1001,"),
    Counter("close_reason", GOODBYE, '"goodbye"', '"bye"'),
    Counter(
        "close_raises",
        GOODBYE,
        '        await socket.close(1000, "goodbye")\n',
        '        question["title"]\n',
    ),
    Counter(
        "socket_process_ends",
        GREET,
        ACCEPT,
        "    await socket.accept()\n    import os\n    os._exit(3)\n" + ACCEPT,
    ),
    # a stream
    Counter("stream_text", WORDS, '"call", "me"', '"call", "him"'),
    Counter(
        "stream_breaks_off", WORDS, '"Ishmael"):\n', '"Ishmael"):\n            word.index("m")\n'
    ),
    Counter(
        "stream_never_ends",
        WORDS,
        "            await asyncio.sleep(0.01)",
        "            await asyncio.sleep(60)",
    ),
)
