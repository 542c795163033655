"""The errors that a person who runs the checker can meet, and the exit code of each.

CheckerError               4  our fault or the environment's
├── UsageError             2  the command line or a file that the user named is wrong
├── NothingToDoError       2  the command makes no sense in the present state
├── LabLoadError           3  the lab cannot load
├── EnvironmentFaultError  4  something that the checker needs is missing or in the way
└── CurriculumError        4  a lesson, suite or outline of ours is malformed
"""

from enum import IntEnum


class ExitCode(IntEnum):
    """Exit codes of every command; one number, one meaning."""

    PASSED = 0
    FAILED = 1
    USAGE = 2
    BROKEN = 3
    FAULT = 4


class CheckerError(Exception):
    """Carry a message, the remedy that mends it and the exit code of the process.

    Args:
        message: what is wrong, one sentence.
        remedy: what the reader can do about it, one sentence or a command.
    """

    exit_code = ExitCode.FAULT

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


class UsageError(CheckerError):
    """Report a wrong argument, name or file of the user's."""

    exit_code = ExitCode.USAGE


class NothingToDoError(CheckerError):
    """Report a command that the present state gives nothing to do."""

    exit_code = ExitCode.USAGE


class LabLoadError(CheckerError):
    """Report a lab that cannot be loaded outside of a check."""

    exit_code = ExitCode.BROKEN


class EnvironmentFaultError(CheckerError):
    """Report something missing or in the way on this machine."""


class CurriculumError(CheckerError):
    """Report a malformed lesson, suite or outline."""
