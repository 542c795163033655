"""The class page and the pages of feedback: what they hold, and what they never do."""

import csv
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from checker.grading.export import export
from checker.grading.export.feedback import escaped
from checker.grading.export.page import square
from checker.grading.gradebook import Gradebook
from checker.grading.model import Cell, State
from checker.grading.policy_file import parse_policy
from checker.kinds import Verdict
from checker.render.plain import plain_card
from tests.grading.class_of import (
    HOSTILE,
    MOMENT,
    Made,
    book,
    everything,
    judged,
    large,
    report_of,
    topic_lines,
)
from tests.render.reports import STATUS

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")
VOID = {"meta", "link", "input", "br", "img"}


class Page(HTMLParser):
    """A page as its parser sees it: tags with attributes, and the text of each cell."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.cells: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if tag in ("td", "th"):
            self.cells.append("")

    def handle_endtag(self, tag: str) -> None:
        """Prove that what ends is what began last."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Note text that a reader gets."""
        if not {"script", "style"} & set(self.open):
            self.text += data
            if {"td", "th"} & set(self.open):
                self.cells[-1] += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """Give the attributes of every tag of a name."""
        return [attributes for name, attributes in self.tags if name == tag]


def class_page(one: Gradebook, folder: Path, policy: str = "") -> Page:
    """Export the class page and parse it."""
    (path,) = export(one, "class", folder / "class.html", policy=parse_policy(policy))
    page = Page(path.read_text())
    assert page.open == []
    return page


def feedback(one: Gradebook, folder: Path) -> dict[str, str]:
    """Export the pages of feedback and read them."""
    return {path.name: path.read_text("utf-8") for path in export(one, "feedback", folder)}


def test_the_class_page_has_a_table_of_students_and_topics(tmp_path: Path) -> None:
    page = class_page(everything(), tmp_path)
    assert "Ada Lovelace" in page.text
    for words in ("4 of 4, passed", "1 of 4, failed", "0 of 4, broken", "error", "absent"):
        assert any(cell.endswith(words) for cell in page.cells), words
    headings = {head.get("scope") for head in page.all("th")}
    assert headings == {"col", "row", "colgroup"}
    assert page.text.count("The archive leaves its folder: ../x.") == 1
    tables = len(page.all("table"))
    assert tables == len(page.all("caption")) == 6
    assert "5.1.1" in page.text


def test_only_what_was_judged_shows_points() -> None:
    (topic, *_) = topic_lines()
    texts = {}
    for state in (State.ERROR, State.PENDING, State.ABSENT, State.REFUSED):
        drawn = square(topic, Cell("ada", topic.id, state))
        texts[state] = drawn.text
        assert drawn.words == state.value
        assert not drawn.style.startswith("s")
    assert len(set(texts.values())) == 4
    assert not any(text.isdigit() for text in texts.values())


def test_flaky_and_broken_answers_are_marked() -> None:
    (topic, *_) = topic_lines()
    one = judged(Made(), "ada", topic, report_of(topic, {"list": Verdict.FAILED}))
    flaky = square(topic, replace(one, flaky=True))
    assert (flaky.text, flaky.words) == ("3~", "3 of 4, failed, flaky")
    broken = report_of(topic, dict.fromkeys(("list", "lend", "drop"), Verdict.BROKEN))
    assert square(topic, judged(Made(), "ada", topic, broken)).text == "B"
    free = replace(topic, tasks=())
    assert square(free, Cell("a", free.id, State.JUDGED, Verdict.PASSED)).style == "s4"


def test_checks_are_ordered_by_who_failed_them(tmp_path: Path) -> None:
    page = class_page(large(), tmp_path)
    shares = [re.fullmatch(r"(\d+) of (\d+)", cell) for cell in page.cells]
    failed = [int(one[1]) for one in shares if one][:20]
    assert failed == sorted(failed, reverse=True)
    assert failed[0] > 5


def test_the_policy_is_told(tmp_path: Path) -> None:
    text = '[late]\ndeadline = 2026-12-01T00:00:00Z\n[weights]\n"5.1" = 7\n'
    page = class_page(everything(), tmp_path, text)
    assert "Deadline 2026-12-01T00:00:00+00:00" in page.text
    assert "weighted" in page.text


def test_an_empty_class_has_a_page(tmp_path: Path) -> None:
    empty = replace(book((), [], Made()), latest=None, sandbox=())
    page = class_page(empty, tmp_path)
    assert "Nothing is judged yet." in page.text
    assert "No check was failed." in page.text


@pytest.mark.parametrize("trusted", [True, False])
def test_pages_say_untrusted_where_they_are(trusted: bool, tmp_path: Path) -> None:
    one = everything(trusted=trusted)
    texts = [path.read_text() for path in export(one, "class", tmp_path)]
    texts += [text for name, text in feedback(one, tmp_path).items() if name != "index.csv"]
    assert len(texts) == 27
    for text in texts:
        assert ("UNTRUSTED" in text) is not trusted


def test_pages_load_nothing_and_run_nothing_of_others(tmp_path: Path) -> None:
    export(everything(), "class", tmp_path)
    export(everything(), "feedback", tmp_path)
    for path in tmp_path.glob("*.html"):
        page = Page(path.read_text())
        assert page.open == []
        names = {name for name, _ in page.tags}
        assert not names & {"img", "iframe", "object", "embed", "form", "base"}
        assert len(page.all("script")) == (path.name == "class.html")
        for _, attributes in page.tags:
            assert not [name for name in attributes if name.startswith("on") or name == "src"]
            assert str(attributes.get("href", "#")).startswith(("#", "data:,"))
        (policy,) = [one for one in page.all("meta") if "http-equiv" in one]
        assert str(policy["content"]).startswith("default-src 'none'")
        assert "alert(" not in "".join(re.findall(r"<script>.*?</script>", path.read_text(), re.S))


def test_hostile_names_are_text(tmp_path: Path) -> None:
    (path,) = export(everything(), "class", tmp_path)
    html, page = path.read_text(), Page(path.read_text())
    for text in (HOSTILE["script"], HOSTILE["formula"], HOSTILE["template"]):
        assert text in page.text
    assert not {"\x1b", "\u202e", "\u2066", "\x07"} & set(html)
    assert r"Eve\u202egnp.exe\u2066" in page.text


def test_feedback_has_each_card_as_the_learner_sees_it(tmp_path: Path) -> None:
    pages = feedback(everything(), tmp_path)
    assert plain_card(STATUS).strip() in pages["ada.md"]
    text = Page(pages["ada.html"]).text
    for words in (STATUS.headline, "201 Created", "app.py:23 in create_book"):
        assert words in text
    assert "Pass status_code=201 to the decorator" in text
    assert "waits for: List the books" in text
    assert "Python cannot read app.py" in pages["ben.html"]


def test_feedback_says_what_is_not_final(tmp_path: Path) -> None:
    late = replace(everything().rows[0], submitted_at=MOMENT + timedelta(days=3))
    one = everything()
    one = replace(one, rows=(late, *one.rows[1:]))
    policy = parse_policy("[late]\ndeadline = 2026-12-01T00:00:00Z\nper_day = 10\n")
    pages = {p.name: p.read_text() for p in export(one, "feedback", tmp_path, policy=policy)}
    assert "40 percent were taken" in pages["ada.html"]
    assert "40 percent were taken" in pages["ada.md"]
    for name in ("ben.html", "ben.md"):
        assert "5.1.1, 5.1.2 not judged yet" in pages[name]
        assert "no points are given or taken" in pages[name]
    assert "leaves its folder" in pages["cleo.html"]
    assert "| 5.1.1 Introduction to FastAPI | refused | - of 4 |" in pages["cleo.md"]


def test_markdown_of_others_is_text(tmp_path: Path) -> None:
    pages = feedback(everything(), tmp_path)
    head = pages["h-markdown.md"].splitlines()[0]
    assert head.startswith(r"# FastAPI Workbook: \# \[Ada\]\(javascript\:alert\(1\)\) \| \`\`\`")
    assert "<script>" not in pages["h-script.md"]
    assert len(pages["h-break.md"].splitlines()[0]) > 20
    assert escaped("a\nb") == r"a\\nb"


def test_files_are_named_safely_and_found_by_the_index(tmp_path: Path) -> None:
    one = everything()
    ids = ["../../etc/passwd", "Ada", "ada", "CON", "", "naïve/ö", "x" * 300, "鲁迅"]
    rows = tuple(
        replace(one.rows[0], student=replace(one.rows[0].student, id=id, name=id)) for id in ids
    )
    export(replace(one, rows=rows), "feedback", tmp_path / "all")
    names = sorted(path.name for path in (tmp_path / "all").rglob("*.html"))
    assert names == sorted(
        [
            "etc-passwd.html", "Ada.html", "ada-2.html", "student-CON.html", "student.html",
            "naive-o.html", "x" * 60 + ".html", "student-2.html",
        ]
    )  # fmt: skip
    with (tmp_path / "all" / "index.csv").open(encoding="utf-8-sig") as stream:
        index = {row["student"]: row["html"] for row in csv.DictReader(stream)}
    assert index["ada"] == "ada-2.html"
    export(replace(one, rows=rows), "feedback", tmp_path / "some", students=["ada"])
    assert (tmp_path / "some" / "ada-2.html").exists()


@pytest.mark.skipif(BROWSER is None, reason="no browser: install the package chromium")
def test_a_browser_draws_sorts_and_searches(tmp_path: Path) -> None:
    (path,) = export(large(), "class", tmp_path)
    script = """
    <script>window.onload = () => {
      const order = () => [...document.querySelectorAll("#map tbody tr")];
      document.querySelectorAll("#map th button")[1].click();
      const grades = order().map((row) => Number(row.cells[1].dataset.v));
      const sorted = grades.every((one, i) => i === 0 || grades[i - 1] >= one);
      document.querySelectorAll("#map th button")[0].click();
      const said = document.getElementById("said").textContent;
      const box = document.getElementById("search");
      box.value = "lovelace"; box.dispatchEvent(new Event("input"));
      const shown = order().filter((row) => !row.hidden).length;
      document.title = ["driven", sorted, said, shown, document.getElementById("said").textContent].join(";");
    };</script>"""  # noqa: E501
    html = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", path.read_text())
    driven = tmp_path / "driven.html"
    driven.write_text(html.replace("</body>", f"{script}</body>"))
    assert "<title>driven;true;Sorted by Student, ascending.;2;2 of 30 students</title>" in browse(
        "--dump-dom", driven, tmp_path
    )
    plain = browse("--dump-dom", path, tmp_path)
    assert 'id="tools">' in plain, "the page's own script runs under the page's own policy"
    picture = tmp_path / "class.png"
    browse(f"--screenshot={picture}", path, tmp_path)
    assert picture.stat().st_size > 50_000


def browse(what: str, page: Path, folder: Path) -> str:
    """Let a browser open a page and give what it prints."""
    assert BROWSER is not None
    command = [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--window-size=1500,2600"]
    command += [f"--user-data-dir={folder / 'profile'}", what, page.as_uri()]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
