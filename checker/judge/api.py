"""The public face of the judge: all that a suite may import."""

from checker.judge.evidence import (
    CallMissing,
    CallRaised,
    ConnectionLost,
    Ended,
    LaunchFailed,
    RequestTimeout,
)
from checker.judge.exam import Exam, Ran
from checker.judge.fake import Fake
from checker.judge.fixtures import Launch
from checker.judge.lab import Completed, Lab

__all__ = [
    "CallMissing",
    "CallRaised",
    "Completed",
    "ConnectionLost",
    "Ended",
    "Exam",
    "Fake",
    "Lab",
    "Launch",
    "LaunchFailed",
    "Ran",
    "RequestTimeout",
]
