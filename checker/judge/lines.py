"""The lines that judge processes write: one JSON object each, its kind first under `event`."""

import json

from checker.errors import CheckerError
from checker.report import CheckResult, TopicReport
from checker.sandbox.limits import SandboxLevel

READY = '{"event":"ready"}'
_RESULT = '{"event":"result","result":'
_REPORT = '{"event":"report","report":'


def result_line(result: CheckResult) -> str:
    """Say how one check ended, before the report."""
    return f"{_RESULT}{result.model_dump_json()}}}"


def report_line(report: TopicReport) -> str:
    """Say the whole report; nothing comes after it."""
    return f"{_REPORT}{report.model_dump_json()}}}"


def fault_line(message: str, remedy: str) -> str:
    """Say why there is no report."""
    return json.dumps({"event": "fault", "message": message, "remedy": remedy})


def read_report(line: str) -> TopicReport | None:
    """Read what `report_line` wrote; None when the line says something else."""
    if not line.startswith(_REPORT):
        return None
    return TopicReport.model_validate(json.loads(line)["report"])


def error_line(error: CheckerError) -> str:
    """Say a fault that was raised."""
    return fault_line(error.message, error.remedy)


def is_result(line: str) -> bool:
    """Tell a result from the line that ends a run."""
    return line.startswith(_RESULT)


def read_result(line: str) -> CheckResult:
    """Read what `result_line` wrote."""
    return CheckResult.model_validate(json.loads(line)["result"])


def level_line(level: SandboxLevel) -> str:
    """Say what stands around the code that is judged."""
    return json.dumps({"event": "level", "level": level.line()})
