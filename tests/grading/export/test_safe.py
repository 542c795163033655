"""Text that nobody trusts, and the promises that every format keeps."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from checker.grading.export import FORMATS, export
from checker.grading.export.safe import cell, clean_report, file_names
from checker.grading.gradebook import Gradebook
from checker.harmless import clean, line
from checker.kinds import Verdict
from tests.grading.class_of import everything, report_of, topic_lines
from tests.render.reports import MARKUP

WORKSHEET = "Identifier,Full name,Grade\nParticipant 101,Ada,\n"


def written(book: Gradebook, form: str, folder: Path) -> Iterator[str]:
    """Give the text of every file of a format."""
    template = None
    if FORMATS[form].template == "needed":
        folder.mkdir()
        template = folder / "worksheet.csv"
        template.write_text(WORKSHEET)
    for path in export(book, form, folder / "out", template=template):
        yield path.read_text("utf-8")


@pytest.mark.parametrize("form", [one for one in FORMATS if one != "classroom"])
def test_each_file_says_untrusted_if_the_class_is_and_only_then(form: str, tmp_path: Path) -> None:
    for number, text in enumerate(written(everything(trusted=False), form, tmp_path / "u")):
        assert "UNTRUSTED" in text or text.startswith("\ufeffstudent,name,email,html"), number
    assert not any("UNTRUSTED" in text for text in written(everything(), form, tmp_path / "t"))


def test_classroom_says_untrusted_in_each_test(tmp_path: Path) -> None:
    for path in export(everything(trusted=False), "classroom", tmp_path):
        if path.suffix == ".json":
            assert path.read_text().count("UNTRUSTED") >= 9


@pytest.mark.parametrize("form", FORMATS)
def test_no_file_acts_on_a_terminal(form: str, tmp_path: Path) -> None:
    for text in written(everything(), form, tmp_path / "t"):
        assert not {"\x1b", "\x07", "\x9b", "\u202e", "\u2066"} & set(text)


@pytest.mark.parametrize("form", FORMATS)
def test_each_file_is_replaced_whole(form: str, tmp_path: Path) -> None:
    first = list(written(everything(), form, tmp_path / "a"))
    assert first == list(written(everything(), form, tmp_path / "b"))
    assert not list(tmp_path.rglob(".export*"))


@pytest.mark.parametrize(
    "text, safe",
    [
        ("Ada", "Ada"),
        ("=1+1", "'=1+1"),
        ("  +1", "'  +1"),
        ("-2+3", "'-2+3"),
        ("-2.5", "-2.5"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ('"=1', "'\"=1"),
        ("\u200b=1", "'\u200b=1"),
        ("\u2212 1", "'\u2212 1"),
        ("＋1", "'＋1"),  # noqa: RUF001 - a full-width sign is meant
        ("\t=1", "\\t=1"),
        ("\r=1", "\\r=1"),
        ("a;=1, -2|@x", "a;'=1,' -2|'@x"),
        ("2026-12-01T12:00:00+01:00", "2026-12-01T12:00:00+01:00"),
        ("ada@example.org", "ada@example.org"),
        ("Jean-Paul", "Jean-Paul"),
    ],
)
def test_no_cell_begins_a_formula(text: str, safe: str) -> None:
    assert cell(text) == safe


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
def test_not_even_where_another_locale_splits(sign: str, delimiter: str) -> None:
    text = cell(f"Ada{delimiter} {sign}cmd{delimiter}'{sign}1")
    (row,) = csv.reader(io.StringIO(text), delimiter=delimiter)
    assert not [one for one in row if one.lstrip().startswith(sign)]


def test_what_would_act_is_shown_and_names_stay() -> None:
    assert clean("a\tb\nc") == "a\tb\nc"
    assert line("a\tb\nc\r") == r"a\tb\nc\r"
    assert clean("\x00\x1b\x7f\x9b\u202e\ud800\ufeff\U000e0041") == (
        r"\x00\x1b\x7f\x9b\u202e\ud800\ufeff\U000e0041"
    )
    for name in ("Elif Şafak", "نجيب محفوظ", "鲁迅", "نمی\u200cدانم", "O’Brien"):  # noqa: RUF001
        assert clean(name) == name


def test_a_clean_report_differs_in_nothing_else() -> None:
    (topic, *_) = topic_lines()
    one = report_of(topic, {"list": Verdict.FAILED}, MARKUP)
    assert clean_report(one) == one
    card = MARKUP.model_copy(update={"got": "\x1b]8;;http://x\x07", "why": ("\u202e",)})
    found = clean_report(report_of(topic, {"list": Verdict.FAILED}, card)).first_card()
    assert found is not None
    assert (found[2].got, found[2].why) == (r"\x1b]8;;http://x\x07", (r"\u202e",))


def test_names_of_files_are_unique_where_case_does_not_count() -> None:
    names = file_names(["ada", "ADA", "ada-2", "Ada", "..", "a/b", "a:b", "lpt1", "nul.txt"])
    assert len({name.lower() for name in names.values()}) == 9
    assert names["ada"] == "ada"
    assert names["lpt1"] == "student-lpt1"
    assert all("/" not in name and not name.startswith(".") for name in names.values())
