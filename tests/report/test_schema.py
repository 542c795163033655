"""The JSON schema describes what a report gives."""

import json

from checker.report import SCHEMA_VERSION, Kind, report_schema
from tests.render.reports import REPORTS


def test_the_schema_is_versioned() -> None:
    schema = json.loads(json.dumps(report_schema()))
    assert schema["$id"].endswith(f":{SCHEMA_VERSION}")
    assert schema["properties"]["schema_version"]["const"] == SCHEMA_VERSION


def test_the_schema_names_every_kind() -> None:
    assert json.loads(json.dumps(report_schema()))["$defs"]["Kind"]["enum"] == list(Kind)


def test_the_schema_names_what_a_report_holds() -> None:
    schema = json.loads(json.dumps(report_schema()))
    for one in REPORTS.values():
        assert set(one.model_dump(mode="json")) == set(schema["properties"])
