"""Compare two trees of files as a unified diff."""

import difflib
from collections.abc import Iterator, Mapping


def unified(
    before: Mapping[str, bytes], after: Mapping[str, bytes], before_name: str, after_name: str
) -> str:
    """Compare all files of two trees; empty when they are equal.

    Files are labelled `before_name/path` and `after_name/path`, `/dev/null` where one is missing.
    Line ends do not count; what is not UTF-8 is only said to differ.
    """
    lines: list[str] = []
    for path in sorted(before.keys() | after.keys()):
        old, new = before.get(path), after.get(path)
        if old != new:
            lines += _file(old, new, _label(before_name, path, old), _label(after_name, path, new))
    return "".join(f"{line}\n" for line in lines)


def _label(side: str, path: str, content: bytes | None) -> str:
    return "/dev/null" if content is None else f"{side}/{path}"


def _file(old: bytes | None, new: bytes | None, old_label: str, new_label: str) -> Iterator[str]:
    try:
        old_lines, new_lines = (_lines(content) for content in (old, new))
    except UnicodeDecodeError:
        yield f"Files {old_label} and {new_label} differ"
        return
    if not old_lines and not new_lines:
        yield f"--- {old_label}"
        yield f"+++ {new_label}"
        return
    yield from difflib.unified_diff(old_lines, new_lines, old_label, new_label, lineterm="")


def _lines(content: bytes | None) -> list[str]:
    return (content or b"").decode("utf-8").splitlines()
