"""Read the files of HEAD from a git repository that a stranger made.

Git never sees that repository's settings, hooks or filters: it works in an empty one of ours and
borrows the stranger's objects. HEAD and branches are read here, as the text files that they are.
"""

import os
import re
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta, timezone
from pathlib import Path

from checker.grading.intake.disk import Kind, kind_of, paths_below, read_file, scan
from checker.grading.intake.limits import FILE_BYTES, UNPACKED_BYTES
from checker.grading.intake.listing import Listing
from checker.grading.intake.names import is_noise
from checker.grading.intake.oddity import Refused, Scope, left_out, refuse
from checker.grading.intake.printing import shown
from checker.grading.model import FindingKind

_SECONDS = 20.0
_MEMORY = 2_000_000_000
_OBJECTS = 200_000
_ID = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_HEADER = re.compile(rb"[0-9a-f]+ blob (\d+)\n")
_BRANCH = re.compile(r"refs/[A-Za-z0-9][^\0-\x20~^:?*\[\\]*")
_COMMITTED = re.compile(rb"^committer .*> (\d{1,12}) ([+-])(\d\d)(\d\d)$", re.M)
_LINE = re.compile(rb"(\d{6}) (\w+) ([0-9a-f]+) +(\d+|-)\t(.*)", re.S)
_CONFIG = "[core]\nrepositoryformatversion = 0\nbare = true\n"
_CONFIG_SHA256 = (
    "[core]\nrepositoryformatversion = 1\nbare = true\n[extensions]\nobjectformat = sha256\n"
)
_ARGUMENTS = (
    *("-c", "core.bigFileThreshold=1m", "-c", "core.packedGitLimit=256m"),
    *("-c", "core.commitGraph=false", "-c", "core.multiPackIndex=false"),
)


def find_repository(folder: Path) -> Path | None:
    """Give the repository that a folder is (bare), or has as `.git`; None for any other folder."""
    for place in (folder / ".git", folder):
        try:
            if (
                kind_of(folder) is Kind.FOLDER
                and kind_of(place) is Kind.FOLDER
                and kind_of(place / "HEAD") is Kind.FILE
                and kind_of(place / "objects") is Kind.FOLDER
                and kind_of(place / "refs") is Kind.FOLDER
            ):
                return place
        except OSError:
            continue
    return None


def has_work_tree(folder: Path) -> bool:
    """Tell whether files are checked out beside `.git`; these are what is judged then."""
    try:
        names = [name for name in scan(folder) if not is_noise(name)]
    except OSError:
        return True
    return ".git" in names and len(names) > 1


class Repository:
    """A stranger's repository, seen through an empty one of ours: see `opened`."""

    def __init__(self, folder: Path, home: Path) -> None:
        self._folder = folder
        self._home = home
        self._objects = folder / "objects"

    def prepare(self) -> str:
        """Make the empty repository, and give the name of the commit that HEAD means.

        Raises:
            Refused: the objects lead elsewhere, or there is no commit.
        """
        self._require_own_objects()
        head = self._resolve(self._text("HEAD"))
        for name in ("objects", "refs"):
            (self._home / name).mkdir()
        (self._home / "HEAD").write_text("ref: refs/heads/none\n")
        (self._home / "config").write_text(_CONFIG_SHA256 if len(head) > 40 else _CONFIG)
        return head

    def committed_at(self, commit: str) -> datetime | None:
        """Give the committer's time; None when it is malformed.

        Raises:
            Refused: the commit cannot be read.
        """
        header = self._read("cat-file", "commit", commit, most=FILE_BYTES).partition(b"\n\n")[0]
        found = _COMMITTED.search(header)
        return _time(*found.groups()) if found else None

    def list_files(self, commit: str, listing: Listing, below: str = "") -> None:
        """List the files of a commit below a folder; links and submodules are noted.

        Raises:
            Refused: it cannot be read, or there is too much.
        """
        lines = self._read("ls-tree", "-r", "-z", "-l", "--full-tree", commit, most=5_000_000)
        found = [_LINE.fullmatch(line) for line in lines.split(b"\0")[:-1]]
        entries = [one.groups() for one in found if one]
        if len(entries) < len(found):
            raise broken("an object is missing")
        small = {
            entry[2] for entry in entries if entry[3].isdigit() and int(entry[3]) <= FILE_BYTES
        }
        blobs = self._blobs(sorted(small))
        for mode, _, blob, _, path in entries:
            _list_one(mode, blobs.get(blob), os.fsdecode(path), listing, below)

    def _blobs(self, names: list[bytes]) -> dict[bytes, bytes]:
        """Read many objects at once."""
        asked = b"".join(name + b"\n" for name in names)
        output = self._read("cat-file", "--batch", most=UNPACKED_BYTES, asked=asked)
        blobs, place = {}, 0
        for name in names:
            header = _HEADER.match(output, place)
            if not header:
                raise broken("an object is missing")
            end = header.end() + int(header[1])
            blobs[name] = output[header.end() : end]
            place = end + 1
        return blobs

    def _require_own_objects(self) -> None:
        """Refuse objects that are links, or borrowed from another repository."""
        try:
            for place, (path, kind) in enumerate(paths_below(self._objects)):
                if place >= _OBJECTS:
                    raise broken(f"it has more than {_OBJECTS:,} objects")
                if kind is Kind.SPECIAL or path.is_symlink() or path.name == "alternates":
                    raise broken("its objects lead out of it")
        except OSError as error:
            raise broken(f"{error.strerror}") from error

    def _resolve(self, text: str) -> str:
        if text.startswith("ref:"):
            branch = text.removeprefix("ref:").strip()
            if not _BRANCH.fullmatch(branch) or ".." in branch:
                raise broken("HEAD names no branch")
            text = self._branch(branch)
        if not _ID.fullmatch(text):
            raise broken("HEAD names no commit")
        return text

    def _branch(self, branch: str) -> str:
        with suppress(OSError, Refused):
            places = [self._folder / part for part in (*Path(branch).parents, Path(branch))]
            if all(kind_of(place) in (Kind.FILE, Kind.FOLDER) for place in places):
                return self._text(branch)
        with suppress(OSError, Refused):
            for line in self._text("packed-refs").splitlines():
                if line.endswith(f" {branch}"):
                    return line.partition(" ")[0]
        raise broken("it has no commit yet")

    def _text(self, name: str) -> str:
        content = read_file(self._folder / name, FILE_BYTES)
        return content.decode(errors="replace").strip()

    def _read(self, *arguments: str, most: int, asked: bytes = b"") -> bytes:
        output = self._git(*arguments, most=most, asked=asked)
        if output is None:
            raise broken("git finds it damaged, or larger than anybody would hand in")
        return output

    def _git(self, *arguments: str, most: int, asked: bytes = b"") -> bytes | None:
        """Run git; None when it fails, prints more than `most` bytes, or takes too long."""
        with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as source:
            source.write(asked)
            source.seek(0)
            try:
                process = subprocess.Popen(
                    ("git", *_ARGUMENTS, *arguments),
                    env=self._environment(),
                    cwd=self._home,
                    stdin=source,
                    stdout=output,
                    stderr=subprocess.DEVNULL,
                )
            except OSError as error:
                raise broken("git is not installed on this machine") from error
            limit_process(process.pid, most)
            if not _ended_well(process):
                return None
            output.seek(0)
            content = output.read(most + 1)
            return content if len(content) <= most else None

    def _environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(self._home),
            "GIT_DIR": str(self._home),
            "GIT_OBJECT_DIRECTORY": str(self._objects),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_ATTR_NOSYSTEM": "1",
            "GIT_NO_REPLACE_OBJECTS": "1",
            "GIT_NO_LAZY_FETCH": "1",
            "GIT_ALLOW_PROTOCOL": "none",
            "GIT_TERMINAL_PROMPT": "0",
            "LC_ALL": "C",
        }


@contextmanager
def opened(folder: Path) -> Iterator[Repository]:
    """Open a bare repository or a `.git` folder for reading; nothing in it is changed."""
    with tempfile.TemporaryDirectory(prefix="checker-git-") as home:
        yield Repository(folder.absolute(), Path(home))


def broken(reason: str) -> Refused:
    """Make what says that a repository cannot be read."""
    message = f"The git repository cannot be read: {reason}."
    return refuse(FindingKind.UNREADABLE, message, scope=Scope.ALL)


def limit_process(pid: int, output: int) -> None:
    """Limit memory, processor time and output of a process, where the system can."""
    with suppress(ImportError, AttributeError, OSError):
        import resource

        resource.prlimit(pid, resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        resource.prlimit(pid, resource.RLIMIT_CPU, (int(_SECONDS), int(_SECONDS)))
        most = output + 1_000_000
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, most))


def _ended_well(process: subprocess.Popen[bytes]) -> bool:
    try:
        return process.wait(_SECONDS) == 0
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return False


def _list_one(mode: bytes, content: bytes | None, path: str, listing: Listing, below: str) -> None:
    if mode.startswith(b"100"):

        def read(limit: int) -> bytes:
            if content is None or len(content) > limit:
                raise left_out(path, limit)
            return content

        listing.add(path, read, below=below)
    elif clean := listing.clean(path, below=below):
        if mode == b"120000":
            message = f"{shown(clean)} is a link in the repository; links are not followed."
            listing.odd(FindingKind.LINK, message, clean, Scope.PLACE)
        else:
            message = f"{shown(clean)} is a submodule; its files are not in the repository."
            listing.odd(FindingKind.UNREADABLE, message, clean, Scope.PLACE)


def _time(seconds: bytes, sign: bytes, hours: bytes, minutes: bytes) -> datetime | None:
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    try:
        zone = timezone(-offset if sign == b"-" else offset)
        return datetime.fromtimestamp(int(seconds), zone)
    except (ValueError, OverflowError, OSError):
        return None
