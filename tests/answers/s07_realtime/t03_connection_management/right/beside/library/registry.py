"""Who is connected: each reader's connections, while they last."""

from dataclasses import dataclass

from fastapi import WebSocket


@dataclass(eq=False)  # each connection is itself, and so can be kept in a set
class Connection:
    """One device of a reader; `silent` while it owes an answer to a ping."""

    reader: str
    device: str
    websocket: WebSocket
    page: int = 1
    silent: bool = False

    def describe(self) -> dict[str, str | int]:
        """Give what others may know of the connection."""
        state = "silent" if self.silent else "awake"
        return {"device": self.device, "page": self.page, "state": state}


class Registry:
    """The connections that are open now, by reader."""

    # region keep_registry: Each reader's connections can be added, found and counted.
    def __init__(self) -> None:
        self._connections: dict[int, Connection] = {}

    def add(self, connection: Connection) -> None:
        """Keep a connection."""
        self._connections[id(connection)] = connection

    def find(self, reader: str) -> list[Connection]:
        """List the connections of one reader: a copy, which does not change meanwhile."""
        return [one for one in self._connections.values() if one.reader == reader]

    def count(self) -> dict[str, int]:
        """Count the connections of each reader who has any."""
        counts: dict[str, int] = {}
        for one in self._connections.values():
            counts[one.reader] = counts.get(one.reader, 0) + 1
        return counts

    # endregion

    # region let_go: A connection can be taken out, again too; the last takes the reader along.
    def remove(self, connection: Connection) -> None:
        """Let go of a connection, if it is there."""
        self._connections.pop(id(connection), None)

    # endregion
