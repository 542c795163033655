"""The loans desk's diary: a subscriber that is no WebSocket. Leave this file alone."""

from collections import deque

from .broker import Message


class Diary:
    """Note what is published, the last hundred messages."""

    def __init__(self) -> None:
        self.entries: deque[Message] = deque(maxlen=100)

    def put(self, message: Message) -> None:
        """Note a message."""
        self.entries.append(message)
