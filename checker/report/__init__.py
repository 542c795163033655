"""The verdict model: what a check found, in one versioned JSON form for everyone who reads it."""

from checker.report.exits import exit_code
from checker.report.model import (
    SCHEMA_VERSION,
    Card,
    CheckResult,
    ExchangeView,
    FrameView,
    Kind,
    Location,
    TaskResult,
    TopicReport,
    Verdict,
)
from checker.report.schema import report_schema

__all__ = [
    "SCHEMA_VERSION",
    "Card",
    "CheckResult",
    "ExchangeView",
    "FrameView",
    "Kind",
    "Location",
    "TaskResult",
    "TopicReport",
    "Verdict",
    "exit_code",
    "report_schema",
]
