"""The exit code that a verdict stands for."""

from checker.errors import ExitCode
from checker.kinds import Verdict
from checker.report.model import TopicReport

EXIT_CODES = {
    Verdict.PASSED: ExitCode.PASSED,
    Verdict.FAILED: ExitCode.FAILED,
    Verdict.BLOCKED: ExitCode.FAILED,
    Verdict.TIMEOUT: ExitCode.FAILED,
    Verdict.BROKEN: ExitCode.BROKEN,
    Verdict.ERROR: ExitCode.FAULT,
}


def exit_code(report: TopicReport) -> ExitCode:
    """Give the exit code of a command that made this report."""
    return EXIT_CODES[report.verdict]
