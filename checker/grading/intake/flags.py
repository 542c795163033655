"""Files that a person should look at. None of them is run, installed or believed."""

import re
from collections.abc import Iterable, Mapping

from checker.grading.intake.oddity import Oddity, Scope
from checker.grading.intake.printing import shown
from checker.grading.model import FindingKind

_TEST_SETTINGS = frozenset(
    {"conftest.py", "pytest.ini", ".pytest.ini", "pytest.toml", ".pytest.toml", "tox.ini"}
    | {"setup.cfg", "noxfile.py", ".coveragerc"}
)
_STARTUP = re.compile(r"(?:^|/)(?:site|user)customize(?:\.py|/)|\.pth$", re.I)
_REQUIREMENTS = re.compile(
    r"(?:.*[-_.])?requirements(?:[-_.].*)?\.(?:txt|in)|pipfile(?:\.lock)?|poetry\.lock|uv\.lock"
    r"|environment\.ya?ml|setup\.py|pdm\.lock",
    re.I,
)
_RESULT = re.compile(
    r"(?:.*[-_.])?(?:results?|grades?|scores?|verdicts?|junit|test[-_]?report)(?:[-_.].*)?"
    r"\.(?:json|xml|csv|html|sqlite3?|db)",
    re.I,
)


def flag_files(paths: Iterable[str], lab: Mapping[str, bytes], root: str) -> list[Oddity]:
    """Flag the files of a topic by their names, unless its lab has them too.

    Args:
        paths: of the files, in the topic.
        lab: the topic's lab; empty outside of topics.
        root: the topic's folder in the submission, to show where a file lies.
    """
    found: list[Oddity] = []
    for path in sorted(set(paths) - set(lab)):
        flag = _flag(path)
        if flag:
            kind, sentence = flag
            whole = f"{root}/{path}" if root else path
            found.append(Oddity(kind, f"{shown(whole)} {sentence}", whole, Scope.NOTE))
    return found


def flag_changes(tree: Mapping[str, bytes], lab: Mapping[str, bytes], root: str) -> list[Oddity]:
    """Flag given lists of packages that were changed, and test settings in pyproject.toml."""
    found: list[Oddity] = []
    for path in sorted(set(tree) & set(lab)):
        if _REQUIREMENTS.fullmatch(_name(path)) and _lines(tree[path]) != _lines(lab[path]):
            whole = f"{root}/{path}" if root else path
            message = f"{shown(whole)} was changed; its packages are never installed."
            found.append(Oddity(FindingKind.REQUIREMENTS, message, whole, Scope.NOTE))
    settings = tree.get("pyproject.toml", b"")
    if b"[tool.pytest" in settings and b"[tool.pytest" not in lab.get("pyproject.toml", b""):
        whole = f"{root}/pyproject.toml" if root else "pyproject.toml"
        message = f"{shown(whole)} has settings for pytest, which the lab has not."
        found.append(Oddity(FindingKind.TEST_SETTINGS, message, whole, Scope.NOTE))
    return found


def _lines(content: bytes) -> list[bytes]:
    return content.strip().splitlines()


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _flag(path: str) -> tuple[FindingKind, str] | None:
    name = _name(path)
    if _STARTUP.search(path):
        return FindingKind.STARTUP_CODE, "is code that Python runs as it starts, before any app."
    if name.casefold() in _TEST_SETTINGS:
        return FindingKind.TEST_SETTINGS, "steers how tests run; no verdict hangs on it."
    if _REQUIREMENTS.fullmatch(name):
        return FindingKind.REQUIREMENTS, "was added; its packages are never installed."
    if _RESULT.fullmatch(name):
        return FindingKind.RESULT_FILE, "looks like a file of results; it is not believed."
    return None
