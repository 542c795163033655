"""Read and write the small trees of files that a lab consists of."""

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

IGNORED_FOLDERS = frozenset(
    {".venv", "venv", "__pycache__", ".git", ".ipynb_checkpoints", "node_modules", ".mypy_cache"}
    | {".ruff_cache", ".pytest_cache", ".idea", ".vscode", ".checker", "htmlcov"}
)
IGNORED_SUFFIXES = (".pyc", ".pyo", ".swp", "~", ".coverage")
LARGEST_FILE = 1_000_000
MOST_FILES = 500

Tree = dict[str, bytes]


def read_tree(folder: Path) -> Tree:
    """Read a lab's files: path relative to `folder`, with `/`, to content.

    Left out: folders of tools (`.venv`, `__pycache__`, ...), files over 1 MB, links, and all past
    500 files.

    Raises:
        OSError: the folder cannot be read.
    """
    tree: Tree = {}
    _read_folder(folder, "", tree)
    return tree


def _read_folder(folder: Path, prefix: str, tree: Tree) -> None:
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda one: one.name):
            if entry.is_symlink() or len(tree) >= MOST_FILES or not _is_text(entry.name):
                continue
            if entry.is_dir():
                if entry.name not in IGNORED_FOLDERS:
                    _read_folder(Path(entry.path), f"{prefix}{entry.name}/", tree)
            elif _belongs(entry):
                tree[prefix + entry.name] = Path(entry.path).read_bytes()


def _is_text(name: str) -> bool:
    return name.encode(errors="replace").decode() == name


def _belongs(entry: os.DirEntry[str]) -> bool:
    return (
        entry.is_file()
        and not entry.name.endswith(IGNORED_SUFFIXES)
        and entry.stat().st_size <= LARGEST_FILE
    )


def write_tree(tree: Tree, folder: Path) -> None:
    """Write `tree` below `folder`, made if it is missing; files already there are replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in tree.items():
        target = folder / name
        if "/" in name:
            target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def write_whole(target: Path, content: bytes) -> None:
    """Write a file in one step: readers see the old content or the new, never a part."""
    handle, draft = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".tmp", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        Path(draft).chmod(target.stat().st_mode & 0o777 if target.exists() else 0o644)
        Path(draft).replace(target)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise


def digests(tree: Mapping[str, bytes]) -> dict[str, str]:
    """Give the SHA-256 of each file."""
    return {path: hashlib.sha256(content).hexdigest() for path, content in tree.items()}


def tree_digest(tree: Mapping[str, bytes]) -> str:
    """Name the files of `tree` by one SHA-256; the same files have the same name."""
    manifest = "".join(f"{digest} {path}\n" for path, digest in sorted(digests(tree).items()))
    return hashlib.sha256(manifest.encode()).hexdigest()


def clear_away(folder: Path) -> None:
    """Remove a folder that learners' code could fill, however deep, as far as it lets itself."""
    try:
        shutil.rmtree(folder, ignore_errors=True)
    except RecursionError:
        command = ["rm", "-rf", "--one-file-system", "--", str(folder)]
        subprocess.run(command, stderr=subprocess.DEVNULL, check=False)
