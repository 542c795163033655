"""The client's half of a WebSocket handshake, in plain text: what it sends, and what it checks."""

import base64
import hashlib
from urllib.parse import urlsplit, urlunsplit

GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # the same for everyone, from RFC 6455


# region accept_key: The SHA-1 of key and GUID, in base64: proof that the server understood.
def accept_key(key: str) -> str:
    """Give the Sec-WebSocket-Accept that belongs to a Sec-WebSocket-Key."""
    digest = hashlib.sha1((key + GUID).encode()).digest()
    return base64.b64encode(digest).decode()


# endregion


# region ask_upgrade: A GET with the five headers that ask for WebSocket, then an empty line.
def opening_request(url: str, key: str) -> str:
    """Write the request that opens a WebSocket at a ws:// address."""
    parts = urlsplit(url)
    target = urlunsplit(("", "", parts.path or "/", parts.query, ""))
    lines = [
        f"GET {target} HTTP/1.1",
        f"Host: {parts.netloc}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Key: {key}",
        "Sec-WebSocket-Version: 13",
    ]
    return "\r\n".join(lines) + "\r\n\r\n"


# endregion


# region check_answer: True for a 101 with the right Upgrade, Connection and Sec-WebSocket-Accept.
def is_opened(answer: str, key: str) -> bool:
    """Tell whether the head of an answer opens the WebSocket that was asked for with `key`."""
    status, *lines = answer.strip().split("\r\n")
    pairs = (line.partition(":") for line in lines)
    headers = {name.lower(): value.strip() for name, _, value in pairs}
    return (
        status.split()[1] == "101"
        and headers.get("upgrade", "").lower() == "websocket"
        and headers.get("connection", "").lower() == "upgrade"
        and headers.get("sec-websocket-accept") == accept_key(key)
    )


# endregion


# region socket_url: A page's http or https address becomes ws or wss, same host, another path.
def socket_url(page: str, path: str) -> str:
    """Give the address of a WebSocket on the host that a page came from."""
    parts = urlsplit(page)
    scheme = "wss" if parts.scheme == "https" else "ws"
    return urlunsplit((scheme, parts.netloc, path, "", ""))


# endregion
