"""A report as JSON, in the form that `report_schema` describes."""

from checker.report import TopicReport


def json_report(report: TopicReport) -> str:
    """Give a report as one JSON document."""
    return report.model_dump_json(indent=2) + "\n"
