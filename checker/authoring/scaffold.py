"""Make every room of a topic, so well formed that `verify` can name what is left to write."""

from pathlib import Path

from checker.authoring.subject import is_begun, missing_rooms, room_paths
from checker.authoring.tree import name_from
from checker.catalog import Catalog
from checker.catalog.model import Topic
from checker.errors import UsageError

_LESSON = """\
---
jupyter: {{kernelspec: {{name: python3, display_name: Python 3, language: python}}}}
tasks:
  - id: list_books
    title: List the books
    covers: []  # of: {focus}
    hints:
      - when: [not_found]
        text: Which route answers the request that the card shows?
headings: {{}}
---
# {id} {title}

Why this matters to someone who serves a model: two sentences.

## The idea

Idea, the smallest example that runs, what goes wrong, the task; once per idea.

```python
print("replace me")
```

### Task: List the books  `list_books`

In `app.py`: `GET /books` answers 200 with every book in `BOOKS`.

## Remember

- One line.
- Another line.
- A third line.

## Sources

- [FastAPI](https://fastapi.tiangolo.com/), its documentation
"""

_APP = '''\
"""{title}: one sentence on what this app does."""

from fastapi import FastAPI

app = FastAPI()

BOOKS = ["Emma", "Persuasion"]


# region list_books: GET /books answers with every book.
{body}# endregion
'''

_ROUTE = '''\
@app.get("/books")
def list_books() -> list[str]:
    """List every book."""
    return {books}


'''

_SUITE = '''\
"""What {id} asks."""

import pytest

from checker.judge.api import Lab


@pytest.mark.task("list_books")
def test_every_book_is_listed(lab: Lab) -> None:
    """GET /books answers 200 with every book."""
    response = lab.get("/books")
    assert response.status_code == 200
    assert response.json() == ["Emma", "Persuasion"]
'''

_WRONG = """\
[[wrong]]
name = "one_book"
mistake = "Forgets all books but the first."
task = "list_books"
says = ["Persuasion"]
[[wrong.edits]]
file = "app.py"
find = '''return BOOKS'''
replace = '''return BOOKS[:1]'''
"""


def scaffold_topic(catalog: Catalog, topic: Topic) -> list[str]:
    """Write every room but the notebook, which is built from the lesson; name the files.

    Raises:
        UsageError: some room of the topic exists already.
    """
    rooms, root = catalog.rooms(topic), catalog.layout.content
    if is_begun(rooms):
        begun = [
            path for word, path in room_paths(rooms).items() if word not in missing_rooms(rooms)
        ]
        names = ", ".join(name_from(root, path) for path in begun)
        raise UsageError(
            f"{topic.id} is begun: {names}.",
            f"`checker author verify {topic.id}` says what is left.",
        )
    texts = {
        rooms.lesson: _LESSON.format(id=topic.id, title=topic.title, focus="; ".join(topic.focus)),
        rooms.lab / "app.py": _APP.format(title=topic.title, body=""),
        rooms.solution / "app.py": _app(topic, "BOOKS"),
        rooms.suite: _SUITE.format(id=topic.id),
        rooms.answers / "wrong.toml": _WRONG,
        rooms.answers / "right" / "by_copy" / "app.py": _app(topic, "BOOKS.copy()"),
    }
    for path, text in texts.items():
        _write(path, text)
    return [name_from(root, path) for path in texts]


def _app(topic: Topic, books: str) -> str:
    return _APP.format(title=topic.title, body=_ROUTE.format(books=books))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
