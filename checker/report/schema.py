"""The JSON schema of a report, for programs that read `--json`."""

from checker.report.model import SCHEMA_VERSION, TopicReport

DIALECT = "https://json-schema.org/draft/2020-12/schema"
SCHEMA_ID = f"urn:fastapi-workbook:topic-report:{SCHEMA_VERSION}"


def report_schema() -> dict[str, object]:
    """Give the JSON schema of `TopicReport`, with `schema_version` fixed to the present one."""
    schema = TopicReport.model_json_schema(mode="serialization")
    schema["properties"]["schema_version"] = {
        "const": SCHEMA_VERSION,
        "description": "Rises when a reader of the older form would misread the newer one.",
        "title": "Schema Version",
        "type": "integer",
    }
    return {"$schema": DIALECT, "$id": SCHEMA_ID, **schema}
