"""Make what students hand in, and what learning platforms make of it, honest and hostile."""

import io
import os
import stat
import subprocess
import tarfile
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from checker.catalog import Catalog
from checker.grading.intake import Roster, read_submissions
from checker.grading.model import Finding, FindingKind, Intake, Submission

BOOKS, LOANS = "s01_shelf/t01_books", "s01_shelf/t02_loans"
BOOKS_APP = b"# region list_books: one.\n# endregion\n# region find_book: two.\n# endregion\n"
LOANS_APP = b"# region lend_book: one.\n# endregion\n# region return_book: two.\n# endregion\n"
WORK = {f"{BOOKS}/app.py": BOOKS_APP, f"{LOANS}/app.py": LOANS_APP}
METADATA = """\
submission_11:
  :submitters:
  - :name: Ada Lovelace
    :sid: '1001'
    :email: ada@example.org
  - :name: Ben Okri
    :sid:
    :email: ben@example.org
  :created_at: 2026-03-01 18:04:18.353150000 Z
  :status: processed
  :results: !ruby/object:Results {}
submission_12:
  :submitters:
  - :name: Ada Lovelace
    :sid: '1001'
    :email: ada@example.org
  :created_at: '2026-02-01T10:00:00+01:00'
"""


def put(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Write files below a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def zip_of(
    files: Mapping[str, bytes] | Iterable[tuple[str, bytes]], modes: Mapping[str, int] | None = None
) -> bytes:
    """Pack a zip; `modes` makes a link or a device of a member."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items() if isinstance(files, Mapping) else files:
            member = zipfile.ZipInfo(name.replace("\0", "?"))
            member.filename = name
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = (modes or {}).get(name, stat.S_IFREG | 0o644) << 16
            archive.writestr(member, content)
    return packed.getvalue()


def member(name: str, kind: bytes = tarfile.REGTYPE, target: str = "") -> tarfile.TarInfo:
    """Make the header of a tar's member."""
    made = tarfile.TarInfo(name)
    made.type, made.linkname = kind, target
    return made


def tar_of(
    files: Mapping[str, bytes], more: Iterable[tarfile.TarInfo] = (), suffix: str = "gz"
) -> bytes:
    """Pack a tar, with members that have no content."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode=f"w:{suffix}") as archive:  # type: ignore[call-overload]  # any suffix
        for name, content in files.items():
            header = member(name)
            header.size = len(content)
            archive.addfile(header, io.BytesIO(content))
        for header in more:
            archive.addfile(header)
    return packed.getvalue()


def git(folder: Path, *arguments: str, time: str = "2026-03-01T12:00:00+01:00") -> str:
    """Run git in a folder, with nobody's settings."""
    done = subprocess.run(
        ("git", "-c", "user.name=Ada", "-c", "user.email=ada@example.org", *arguments),
        cwd=folder,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_COMMITTER_DATE": time,
            "GIT_AUTHOR_DATE": time,
        },
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()


def repository(folder: Path, files: Mapping[str, bytes], *, kind: str = "sha1") -> Path:
    """Make a repository with one commit."""
    put(folder, files)
    git(folder, "init", "-q", "-b", "main", f"--object-format={kind}")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "Work")
    return folder


class Reading:
    """What was read of a folder of submissions, easy to ask."""

    def __init__(self, folder: Path, catalog: Catalog, roster: Roster | None = None) -> None:
        self.intake: Intake = read_submissions(folder, catalog, roster)
        self.ids = [student.id for student in self.intake.students]
        self.submissions = {one.student: one for one in self.intake.submissions}

    def topics(self, student: str) -> list[str]:
        """List the topics that are judged."""
        return list(self.submissions[student].topics)

    def of(self, student: str | None) -> list[Finding]:
        """List a student's findings."""
        return [one for one in self.intake.findings if one.student == student]

    def refusals(self, student: str) -> list[tuple[FindingKind, str | None]]:
        """List why something of a student's is not judged: kind and topic."""
        return [(one.kind, one.topic) for one in self.of(student) if one.refused]

    def notes(self, student: str | None) -> list[FindingKind]:
        """List what is odd without being refused."""
        return [one.kind for one in self.of(student) if not one.refused]

    def words(self, student: str | None) -> str:
        """Give a student's findings as one text."""
        return "\n".join(one.message for one in self.of(student))

    def submission(self, student: str) -> Submission:
        """Give a student's submission."""
        return self.submissions[student]
