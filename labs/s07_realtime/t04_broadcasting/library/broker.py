"""Publish and subscribe within one process: topics, and who listens to them."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Protocol

from typing_extensions import TypedDict


class Message(TypedDict):
    """What is said in a room; the number counts the room's messages from 1."""

    room: str
    number: int
    reader: str
    text: str


class Subscriber(Protocol):
    """Somebody who is told what is published. `put` must not wait."""

    def put(self, message: Message) -> None:
        """Take a message."""


class Mailbox:
    """What is still to be sent to one client: at most `size` messages, the newest ones."""

    # region bound_mailbox: `put` never waits and never fails; a full box loses its oldest message.
    def __init__(self, size: int) -> None:
        self._messages: asyncio.Queue[Message] = asyncio.Queue()

    def put(self, message: Message) -> None:
        """Take a message; if the mailbox is full, its oldest one gives way."""
        self._messages.put_nowait(message)

    async def get(self) -> Message:
        """Wait for the oldest message and take it out."""
        return await self._messages.get()

    # endregion


@dataclass
class Topic:
    """The subscribers of one topic, and the numbers of its messages."""

    subscribers: set[Subscriber] = field(default_factory=set)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))


class Broker:
    """Topics by name. It knows what subscribers are told, and not who they are."""

    def __init__(self) -> None:
        self.topics: dict[str, Topic] = {}

    # region join_rooms: Subscribers come and go, twice too; a topic lasts while it has any.
    def subscribe(self, name: str, subscriber: Subscriber) -> None:
        """Tell the subscriber from now on what is published under this topic."""

    def unsubscribe(self, name: str, subscriber: Subscriber) -> None:
        """Tell the subscriber no longer; a topic without subscribers is dropped."""

    # endregion

    # region spare_sender: Everybody in the room hears a message but the connection that sent it.
    def audience(self, topic: Topic, sender: Subscriber | None) -> list[Subscriber]:
        """List who has to be told what the sender says."""
        return list(topic.subscribers)

    # endregion

    # region publish: The audience gets one message with the topic's next number, and is counted.
    def publish(self, name: str, reader: str, text: str, sender: Subscriber | None = None) -> int:
        """Tell a topic's audience, and give how many were told; nobody listens, nobody is told."""
        return 0

    # endregion

    def leave_all(self, subscriber: Subscriber) -> None:
        """Take a subscriber out of every topic."""
        for name in list(self.topics):
            self.unsubscribe(name, subscriber)
