"""Publish and subscribe within one process: topics, and who listens to them."""

import asyncio
from collections import deque
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
        self._messages: deque[Message] = deque(maxlen=size)
        self._news = asyncio.Event()

    def put(self, message: Message) -> None:
        """Take a message; if the mailbox is full, its oldest one gives way."""
        self._messages.append(message)
        self._news.set()

    async def get(self) -> Message:
        """Wait for the oldest message and take it out."""
        while not self._messages:
            self._news.clear()
            await self._news.wait()
        return self._messages.popleft()

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
        if name not in self.topics:
            self.topics[name] = Topic()
        self.topics[name].subscribers.add(subscriber)

    def unsubscribe(self, name: str, subscriber: Subscriber) -> None:
        """Tell the subscriber no longer; a topic without subscribers is dropped."""
        if name in self.topics:
            self.topics[name].subscribers -= {subscriber}
        self.topics = {one: topic for one, topic in self.topics.items() if topic.subscribers}

    # endregion

    # region spare_sender: Everybody in the room hears a message but the connection that sent it.
    def audience(self, topic: Topic, sender: Subscriber | None) -> list[Subscriber]:
        """List who has to be told what the sender says."""
        return list(topic.subscribers - ({sender} if sender else set()))

    # endregion

    # region publish: The audience gets one message with the topic's next number, and is counted.
    def publish(self, name: str, reader: str, text: str, sender: Subscriber | None = None) -> int:
        """Tell a topic's audience, and give how many were told; nobody listens, nobody is told."""
        topic = self.topics.get(name)
        if topic is None:
            return 0
        message = Message(room=name, number=next(topic.numbers), reader=reader, text=text)
        audience = self.audience(topic, sender)
        for subscriber in audience:
            subscriber.put(message)
        return len(audience)

    # endregion

    def leave_all(self, subscriber: Subscriber) -> None:
        """Take a subscriber out of every topic."""
        for name in list(self.topics):
            self.unsubscribe(name, subscriber)
