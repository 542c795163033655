"""A lesson to be read: its text with the outputs that its notebook recorded."""

import json
import re
from pathlib import Path

FENCE = re.compile(r"^(`{3,}|~{3,})(.*)$")
CELL = re.compile(r"^python\b")


def with_outputs(body: str, notebook: Path) -> str:
    """Put below each code cell of a lesson what it printed when the notebook was built.

    A cell that the notebook does not have, since the lesson is newer or there is no notebook,
    stays alone.
    """
    outputs = _outputs(notebook)
    if not outputs:
        return body
    lines: list[str] = []
    fence = ""
    cell: list[str] | None = None
    for line in body.splitlines():
        lines.append(line)
        mark = FENCE.match(line)
        if fence and mark and mark[1].startswith(fence) and not mark[2].strip():
            fence = ""
            if cell is not None:
                lines += _block(outputs.get("\n".join(cell).strip(), ""))
        elif fence and cell is not None:
            cell.append(line)
        elif not fence and mark:
            fence = mark[1]
            cell = [] if CELL.match(mark[2].strip()) else None
    return "\n".join(lines) + "\n"


def _block(output: str) -> list[str]:
    """Fence an output, with more backticks than it holds."""
    if not output:
        return []
    longest = max((len(run) for run in re.findall(r"`+", output)), default=0)
    fence = "`" * max(3, longest + 1)
    return ["", "Output:", "", f"{fence}text", *output.splitlines(), fence]


def _outputs(notebook: Path) -> dict[str, str]:
    """Map the source of each code cell to what it printed; empty without a readable notebook."""
    try:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        return {
            _text(cell["source"]).strip(): "".join(
                _printed(one) for one in cell["outputs"]
            ).rstrip()
            for cell in cells
            if cell["cell_type"] == "code"
        }
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _printed(output: dict[str, object]) -> str:
    if output["output_type"] == "stream":
        return _text(output["text"])
    if output["output_type"] == "error":
        return f"{output['ename']}: {output['evalue']}\n"
    data = output.get("data")
    return _text(data["text/plain"]) + "\n" if isinstance(data, dict) else ""


def _text(value: object) -> str:
    """Join what the format keeps as one text or as lines."""
    return "".join(str(line) for line in value) if isinstance(value, list) else str(value)
