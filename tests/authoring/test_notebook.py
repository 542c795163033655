"""How a lesson becomes a notebook."""

import pytest

from checker.authoring.notebook import draft_notebook, is_volatile
from checker.authoring.subject import Subject
from checker.errors import CurriculumError
from tests.authoring.edits import replace_in

HEADING = "## What a shelf mark is\n"


def test_cells_have_stable_ids_by_kind_and_position(books: Subject) -> None:
    cells = draft_notebook(books).node.cells
    assert [cell.id for cell in cells if cell.cell_type == "code"] == ["5-1-1-c01", "5-1-1-c02"]
    texts = [cell.id for cell in cells if cell.cell_type == "markdown"]
    assert texts == [f"5-1-1-m{number:02d}" for number in range(1, len(texts) + 1)]


def test_first_cell_says_how_it_is_made_and_leads_to_the_rooms(books: Subject) -> None:
    first = draft_notebook(books).node.cells[0].source
    assert first.startswith("*Generated from [curriculum/s01_shelf/t01_books.md]")
    assert "`checker author notebooks 5.1.1`" in first
    assert "(../../labs/s01_shelf/t01_books)" in first
    assert "(../../solutions/s01_shelf/t01_books)" in first


def test_last_cell_checks_the_readers_work_and_is_volatile(books: Subject) -> None:
    draft = draft_notebook(books)
    last = draft.node.cells[-1]
    assert last.source == 'from checker.notebook import check\n\ncheck("5.1.1")'
    assert is_volatile(last)
    assert last not in draft.lesson_cells


def test_front_matter_stays_out(books: Subject) -> None:
    draft = draft_notebook(books)
    assert not any("hints:" in cell.source for cell in draft.node.cells)
    assert set(draft.node.metadata) == {"kernelspec", "language_info"}
    assert "version" not in draft.node.metadata.language_info


@pytest.mark.parametrize("language", ["bash", "sql", "html", "toml", "py", "text", "json"])
def test_fence_of_another_language_stays_text(books: Subject, language: str) -> None:
    fence = f"\n```{language}\nnot run\n```\n"
    replace_in(books.rooms.lesson, HEADING, HEADING + fence)
    draft = draft_notebook(books)
    code = [cell.source for cell in draft.node.cells if cell.cell_type == "code"]
    assert len(code) == 2
    assert any(fence.strip() in cell.source for cell in draft.node.cells)


@pytest.mark.parametrize("mark", ["````", "~~~"])
def test_fence_inside_a_fence_is_refused(books: Subject, mark: str) -> None:
    fence = f"\n{mark}text\n```python\nprint()\n```\n{mark}\n"
    replace_in(books.rooms.lesson, HEADING, HEADING + fence)
    with pytest.raises(CurriculumError, match="a code fence inside another one"):
        draft_notebook(books)


def test_tags_are_kept(books: Subject) -> None:
    replace_in(books.rooms.lesson, "```python", '```python tags=["volatile"]')
    cells = {cell.id: cell for cell in draft_notebook(books).node.cells}
    assert is_volatile(cells["5-1-1-c01"])


def test_each_code_cell_knows_its_line_in_the_lesson(books: Subject) -> None:
    lines = books.rooms.lesson.read_text().splitlines()
    draft = draft_notebook(books)
    assert lines[draft.lines["5-1-1-c01"] - 1] == draft.node.cells[3].source.splitlines()[0]


def test_links_to_lessons_become_links_to_notebooks(books: Subject) -> None:
    links = "[a](t02_loans.md), [b](../s02_more/t01_x.md#tags), [c](https://x.org/t01_y.md)\n"
    replace_in(books.rooms.lesson, HEADING, HEADING + links)
    texts = "\n".join(cell.source for cell in draft_notebook(books).node.cells)
    assert "[a](t02_loans.ipynb), [b](../s02_more/t01_x.ipynb#tags)" in texts
    assert "https://x.org/t01_y.md" in texts
