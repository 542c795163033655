"""Run a notebook's cells in a fresh kernel of this Python, in an empty folder, always the same."""

import asyncio
import os
import sys
import tempfile
from pathlib import Path

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from checker.authoring.kernels import Kernels, use_kernels
from checker.authoring.notebook import Draft, make_node
from checker.errors import CurriculumError

CELL_SECONDS = 30
_COLOURS = frozenset({"FORCE_COLOR", "PY_COLORS", "CLICOLOR_FORCE", "COLORTERM", "CI"})
_FORGET_COLOUR = "tuple(__import__('os').environ.pop(n, 0) for n in ('FORCE_COLOR', 'CLICOLOR'))"
_OPTIONS = (
    "--InteractiveShell.colors=nocolor",
    "--InteractiveShell.xmode=Minimal",
    "--HistoryManager.enabled=False",
    "--IPKernelApp.log_level=ERROR",
    # The kernel asks programs for colour; the cells' own programs must not obey.
    "--IPKernelApp.exec_lines",
    _FORGET_COLOUR,
)


def run_cells(draft: Draft, lesson: str, kernels: Kernels | None = None) -> None:
    """Run the lesson's cells and keep their outputs, normalised, in the draft.

    Args:
        draft: the notebook; changed in place.
        lesson: the lesson's name in messages.
        kernels: fork the kernel; without them it is an interpreter that is started for it.

    Raises:
        CurriculumError: a cell failed; it names the lesson's line on which the cell starts.
    """
    node = make_node({**draft.node, "cells": []})
    node.cells = draft.lesson_cells
    with (
        tempfile.TemporaryDirectory(prefix="checker-notebook-") as folder,
        tempfile.TemporaryDirectory(prefix="checker-kernel-") as sockets,
    ):
        try:
            execution = _client(node, folder, _ways(sockets), kernels).async_execute(
                env=_environment(folder), cleanup_kc=True
            )
            asyncio.run(execution)
        except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
            raise CurriculumError(
                f"{lesson}:{_failed_line(draft)}: {_trouble(error)}", "Correct the cell."
            ) from error
    for count, cell in enumerate((c for c in node.cells if c.cell_type == "code"), start=1):
        cell.execution_count = count
        cell.metadata.pop("execution", None)
        cell.outputs = _normalised(cell.outputs, count)


class _ThisPython(KernelSpecManager):
    """Know one kernel, the one of the running Python, whether or not it was registered anywhere."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Describe how the kernel is started."""
        argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}", *_OPTIONS]
        return KernelSpec(argv=argv, display_name="Python 3", language="python", name=kernel_name)


def _ways(folder: str) -> dict[str, str]:
    """Let a kernel be reached by unix sockets; a port may be taken before the kernel opens it."""
    if os.name == "nt":
        return {}
    return {"transport": "ipc", "ip": str(Path(folder, "kernel"))}


def _client(
    node: NotebookNode, folder: str, ways: dict[str, str], kernels: Kernels | None
) -> NotebookClient:
    known = _ThisPython()
    manager = AsyncKernelManager(kernel_name="python3", kernel_spec_manager=known, **ways)
    if kernels is not None:
        use_kernels(manager, kernels)
    return NotebookClient(
        node,
        km=manager,
        timeout=CELL_SECONDS,
        record_timing=False,
        shutdown_kernel="immediate",
        resources={"metadata": {"path": folder}},
    )


def _environment(folder: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in _COLOURS}
    return kept | {
        "NO_COLOR": "1",
        "TERM": "dumb",
        "COLUMNS": "80",
        "PYTHONHASHSEED": "0",
        "PYTHONWARNINGS": "default",
        "IPYTHONDIR": str(Path(folder, ".ipython")),
        "TZ": "UTC",
    }


def _failed_line(draft: Draft) -> int:
    """Find where the cell that ran last starts: the first one without a clean end."""
    ran = [cell for cell in draft.lesson_cells if cell.cell_type == "code"]
    started = [cell for cell in ran if cell.execution_count is not None]
    failed = next((cell for cell in ran if _has_error(cell)), None)
    following = ran[len(started)] if len(started) < len(ran) else ran[-1]
    return draft.lines[(failed or following).id]


def _has_error(cell: NotebookNode) -> bool:
    allowed = "raises-exception" in cell.metadata.get("tags", [])
    return not allowed and any(output.output_type == "error" for output in cell.outputs)


def _trouble(error: Exception) -> str:
    if isinstance(error, CellExecutionError):
        return f"the cell raised {error.ename}: {error.evalue}"
    if isinstance(error, CellTimeoutError):
        return f"the cell ran longer than {CELL_SECONDS} s"
    return "the kernel died in the cell"


def _normalised(outputs: list[NotebookNode], count: int) -> list[NotebookNode]:
    """Join what was printed into one output a stream, ahead of the rest."""
    streams: dict[str, NotebookNode] = {}
    rest = []
    for output in outputs:
        if output.output_type != "stream":
            if "execution_count" in output:
                output.execution_count = count
            rest.append(output)
        elif output.name in streams:
            streams[output.name].text += output.text
        else:
            streams[output.name] = output
    return [streams[name] for name in sorted(streams, reverse=True)] + rest
