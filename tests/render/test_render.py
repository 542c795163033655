"""Each form of a report."""

import io
import json
import re
import xml.etree.ElementTree as ElementTree

import pytest
from rich.console import Console
from syrupy.assertion import SnapshotAssertion

from checker.errors import ExitCode
from checker.render.html import html_report
from checker.render.json import json_report
from checker.render.layout import card_rows
from checker.render.plain import plain_card, plain_report
from checker.render.svg import svg_report
from checker.render.talk import talk_lines
from checker.render.terminal import differing_part, render_card, render_report
from checker.report import TopicReport, Verdict, exit_code
from tests.render.reports import MARKUP, REPORTS, STATUS, TALK, report

ESCAPES = re.compile(r"\x1b\[[0-9;]*m")


def drawn(
    one: TopicReport, width: int = 100, *, colour: bool = False, encoding: str = "utf-8"
) -> str:
    """Draw a report as a terminal of that width gets it."""
    file = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    console = Console(
        file=file, width=width, force_terminal=colour, no_color=not colour, highlight=False
    )
    render_report(one, console, hints=["Look at `status_code`."])
    file.flush()
    file.seek(0)
    return file.read()


@pytest.mark.parametrize("name", REPORTS)
def test_the_terminal_form(name: str, snapshot: SnapshotAssertion) -> None:
    lines = [line.rstrip() for line in drawn(REPORTS[name]).splitlines()]
    assert "\n".join(lines) == snapshot


@pytest.mark.parametrize("name", REPORTS)
def test_the_plain_form(name: str, snapshot: SnapshotAssertion) -> None:
    assert plain_report(REPORTS[name], hints=["Look at `status_code`."]) == snapshot


@pytest.mark.parametrize("name", REPORTS)
def test_plain_and_terminal_say_the_same(name: str) -> None:
    words = set(re.findall(r"\w+", drawn(REPORTS[name])))
    labels = {"Problem", "Line", "Hint", "Run", "Expected", "Got", "Request", "Answer"}
    labels |= {"Where", "Why", "Next", "Details", "Before", "Socket", "Frames"}
    states = {"passed", "failed", "broken"}
    plain = plain_report(REPORTS[name], hints=["Look at `status_code`."])
    assert set(re.findall(r"\w+", plain)) - labels - states <= words


@pytest.mark.parametrize("name", REPORTS)
def test_the_plain_form_has_only_characters_that_can_be_read_aloud(name: str) -> None:
    assert plain_report(REPORTS[name]).isascii()
    assert "`" not in plain_report(REPORTS[name])


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_the_terminal_form_keeps_to_the_width(width: int) -> None:
    for line in drawn(REPORTS["failed"], width).splitlines():
        assert len(line) <= width or "curl" in line


def test_a_long_command_stays_on_one_line() -> None:
    assert STATUS.request is not None
    assert STATUS.request.curl in drawn(REPORTS["failed"], 60)


def test_markup_in_values_is_text() -> None:
    text = ESCAPES.sub("", drawn(REPORTS["markup"], colour=True))
    assert MARKUP.headline in text
    assert '"[red]Dune"' in text


def test_a_terminal_without_unicode_gets_none() -> None:
    assert drawn(REPORTS["failed"], encoding="ascii").isascii()


def test_the_difference_is_marked() -> None:
    assert differing_part('body["t"] = "Dune"', 'body["t"] = "dune"') == (13, 14)
    assert differing_part("201 Created", "404 Not Found") is None
    assert differing_part("same", "same") is None


def test_a_card_alone_is_drawn() -> None:
    console = Console(file=io.StringIO(), width=80)
    render_card(STATUS, console)
    assert "expected" in plain_card(STATUS).lower()
    assert [row.label for row in card_rows(STATUS)][:2] == ["expected", "got"]


def test_the_picture_loads_nothing_and_is_xml() -> None:
    svg = svg_report(REPORTS["failed"])
    assert "@font-face" not in svg
    assert set(re.findall(r"https?://[\w.]+", svg)) <= {"http://www.w3.org", "http://127.0.0.1"}
    ElementTree.fromstring(svg)


def test_the_same_report_gives_the_same_picture() -> None:
    assert svg_report(REPORTS["failed"]) == svg_report(REPORTS["failed"])


def test_html_escapes_what_a_lab_says() -> None:
    card = MARKUP.model_copy(update={"headline": "<script>alert(1)</script>"})
    html = html_report(report(Verdict.BROKEN, card=card))
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_json_can_be_read_back() -> None:
    text = json_report(REPORTS["failed"])
    assert TopicReport.model_validate_json(text) == REPORTS["failed"]
    assert json.loads(text)["schema_version"] == 1


@pytest.mark.parametrize(
    "verdict, code",
    [
        (Verdict.PASSED, ExitCode.PASSED),
        (Verdict.FAILED, ExitCode.FAILED),
        (Verdict.BLOCKED, ExitCode.FAILED),
        (Verdict.TIMEOUT, ExitCode.FAILED),
        (Verdict.BROKEN, ExitCode.BROKEN),
        (Verdict.ERROR, ExitCode.FAULT),
    ],
)
def test_each_verdict_has_its_exit_code(verdict: Verdict, code: ExitCode) -> None:
    assert exit_code(report(verdict)) is code


def test_a_talk_of_many_clients_loses_its_middle() -> None:
    assert TALK.request is not None
    frame = TALK.request.frames[0]
    frames = tuple(frame.model_copy(update={"milliseconds": float(one)}) for one in range(12))
    view = TALK.request.model_copy(update={"frames": frames, "omitted": 30, "began": 0.0})
    lines = talk_lines(TALK.model_copy(update={"request": view, "earlier": (view.model_copy(),)}))
    assert len(lines) == 21
    assert lines[0].startswith("0 ms app to client 1: ")
    assert lines[6] == "3 ms (64 more)"
    assert lines[-1].startswith("11 ms app to client 2: ")
