"""The client's half of a WebSocket handshake, by what the websockets library knows of it."""

from email.message import Message
from email.parser import Parser

from websockets.headers import build_host
from websockets.uri import parse_uri
from websockets.utils import accept_key as compute

GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # the same for everyone, from RFC 6455


# region accept_key: The SHA-1 of key and GUID, in base64: proof that the server understood.
def accept_key(key: str) -> str:
    """Give the Sec-WebSocket-Accept that belongs to a Sec-WebSocket-Key."""
    return compute(key)


# endregion


# region ask_upgrade: A GET with the five headers that ask for WebSocket, then an empty line.
def opening_request(url: str, key: str) -> str:
    """Write the request that opens a WebSocket at a ws:// address."""
    uri = parse_uri(url)
    return (
        f"GET {uri.resource_name} HTTP/1.1\r\n"
        f"sec-websocket-version: 13\r\nsec-websocket-key: {key}\r\n"
        f"host: {build_host(uri.host, uri.port, uri.secure)}\r\n"
        "connection: Upgrade\r\nupgrade: websocket\r\n\r\n"
    )


# endregion


# region check_answer: True for a 101 with the right Upgrade, Connection and Sec-WebSocket-Accept.
def is_opened(answer: str, key: str) -> bool:
    """Tell whether the head of an answer opens the WebSocket that was asked for with `key`."""
    status, _, rest = answer.partition("\r\n")
    headers: Message = Parser().parsestr(rest, headersonly=True)
    if not status.startswith("HTTP/1.1 101 "):
        return False
    fixed = {"Upgrade": "websocket", "Connection": "upgrade"}
    if any(headers.get(name, "").lower() != value for name, value in fixed.items()):
        return False
    return bool(headers["Sec-WebSocket-Accept"] == accept_key(key))


# endregion


# region socket_url: A page's http or https address becomes ws or wss, same host, another path.
def socket_url(page: str, path: str) -> str:
    """Give the address of a WebSocket on the host that a page came from."""
    scheme, _, rest = page.partition("://")
    host = rest.partition("/")[0]
    return f"{scheme.replace('http', 'ws')}://{host}{path}"


# endregion
