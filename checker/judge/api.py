"""The public face of the judge: all that a suite may import."""

import importlib
from typing import TYPE_CHECKING

from checker.judge.evidence import (
    CallMissing,
    CallRaised,
    ConnectionLost,
    Ended,
    HandshakeRefused,
    LaunchFailed,
    NotJsonMessage,
    RequestTimeout,
    SocketClosed,
)
from checker.judge.exam import Exam, Ran
from checker.judge.fake import Fake
from checker.judge.fixtures import Launch
from checker.judge.lab import Completed, Lab
from checker.judge.proxy import Proxy
from checker.judge.raw import RawConnection
from checker.judge.sockets import RecordedSocket
from checker.judge.tokens import sign_token

if TYPE_CHECKING:
    from checker.services.model import Model
    from checker.services.postgres import Database
    from checker.services.redis import Redis

__all__ = [
    "CallMissing",
    "CallRaised",
    "Completed",
    "ConnectionLost",
    "Database",
    "Ended",
    "Exam",
    "Fake",
    "HandshakeRefused",
    "Lab",
    "Launch",
    "LaunchFailed",
    "Model",
    "NotJsonMessage",
    "Proxy",
    "Ran",
    "RawConnection",
    "RecordedSocket",
    "Redis",
    "RequestTimeout",
    "SocketClosed",
    "sign_token",
]

# Imported for the suites that use them: their clients take long to load.
_SERVICES = {
    "Database": "checker.services.postgres",
    "Model": "checker.services.model",
    "Redis": "checker.services.redis",
}


def __getattr__(name: str) -> object:
    if name not in _SERVICES:
        raise AttributeError(name)
    return getattr(importlib.import_module(_SERVICES[name]), name)
