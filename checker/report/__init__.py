"""The verdict model: what a check found, in one versioned JSON form for everyone who reads it."""

from checker.report.model import (
    SCHEMA_VERSION,
    Card,
    CheckResult,
    ExchangeView,
    Kind,
    Location,
    TaskResult,
    TopicReport,
    Verdict,
)

__all__ = [
    "SCHEMA_VERSION",
    "Card",
    "CheckResult",
    "ExchangeView",
    "Kind",
    "Location",
    "TaskResult",
    "TopicReport",
    "Verdict",
]
