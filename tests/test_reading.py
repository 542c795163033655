"""A lesson with the outputs of its notebook."""

import json
from pathlib import Path

import pytest

from checker.reading import with_outputs

LESSON = """# A lesson

```python
print("a")
```

```python tags=["volatile"]
print("`b`")
3
```

```text
print("a")
```

~~~python
newer()
~~~
"""


@pytest.fixture
def notebook(tmp_path: Path) -> Path:
    """Write a notebook that has two of the cells."""
    cells = [
        {"cell_type": "markdown", "source": "# A lesson"},
        {
            "cell_type": "code",
            "source": 'print("a")',
            "outputs": [{"output_type": "stream", "text": ["a\\n"]}],
        },
        {
            "cell_type": "code",
            "source": ['print("`b`")\\n', "3"],
            "outputs": [
                {"output_type": "stream", "text": "`b`\\n"},
                {"output_type": "execute_result", "data": {"text/plain": "3"}},
                {"output_type": "error", "ename": "ValueError", "evalue": "no"},
                {"output_type": "display_data", "data": None},
            ],
        },
    ]
    path = tmp_path / "lesson.ipynb"
    path.write_text(json.dumps({"cells": cells}).replace("\\\\n", "\\n"))
    return path


def test_outputs_stand_below_their_cells(notebook: Path) -> None:
    """Only below cells that the notebook ran; other blocks stay as they are."""
    text = with_outputs(LESSON, notebook)
    assert 'print("a")\n```\n\nOutput:\n\n```text\na\n```\n' in text
    assert "3\n```\n\nOutput:\n\n```text\n`b`\n3\nValueError: no\n```\n" in text
    assert text.count("Output:") == 2
    assert text.endswith("~~~python\nnewer()\n~~~\n")


@pytest.mark.parametrize("content", [None, "", "{}", '{"cells": [{}]}', "[]"])
def test_without_a_readable_notebook_the_lesson_is_alone(
    tmp_path: Path, content: str | None
) -> None:
    """Nothing is raised, nothing is lost."""
    path = tmp_path / "lesson.ipynb"
    if content is not None:
        path.write_text(content)
    assert with_outputs(LESSON, path) == LESSON
