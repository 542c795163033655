"""What strangers try: each is refused with a reason in its own row, and nothing else is."""

import gzip
import io
import os
import random
import socket
import struct
import tarfile
import time
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from checker.catalog import Catalog
from checker.errors import UsageError
from checker.files import Tree
from checker.grading.intake import limits, listing, trees
from checker.grading.intake.disk import read_file
from checker.grading.intake.names import clean_parts
from checker.grading.intake.oddity import Refused
from checker.grading.model import FindingKind
from tests.grading.intake.downloads import (
    BOOKS,
    BOOKS_APP,
    LOANS,
    LOANS_APP,
    WORK,
    Reading,
    member,
    put,
    tar_of,
    zip_of,
)

HONEST: Tree = {"app.py": BOOKS_APP}
SECRET = b"nobody may read this"


def beside(folder: Path, catalog: Catalog) -> Reading:
    """Read a class with an honest student beside, and prove that their row is untouched."""
    put(folder / "zoe", WORK)
    reading = Reading(folder, catalog)
    assert reading.submission("zoe").topics == {"5.1.1": HONEST, "5.1.2": {"app.py": LOANS_APP}}
    assert reading.of("zoe") == []
    return reading


def with_files(files: dict[str, bytes] | list[tuple[str, bytes]]) -> bytes:
    """Pack the work and more."""
    more = files.items() if isinstance(files, dict) else files
    return zip_of([*WORK.items(), *more])


@pytest.mark.parametrize(
    "name",
    [
        *("../evil.py", "/etc/evil.py", "C:/evil.py", "c:evil.py", "..\\evil.py"),
        *("\\\\host\\evil.py", f"{BOOKS}/../../../evil.py", f"{BOOKS}/.."),
    ],
)
@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_name_that_leads_outside_refuses_the_submission(
    tmp_path: Path, catalog: Catalog, name: str, kind: str
) -> None:
    packed = with_files({name: b"x"}) if kind == "zip" else tar_of({**WORK, name: b"x"})
    put(tmp_path / "all", {f"eve.{kind}": packed})
    reading = beside(tmp_path / "all", catalog)
    if kind == "tar" and "\\" in name:
        assert reading.refusals("eve") == []
        assert reading.notes("eve") == [FindingKind.UNREADABLE]
    else:
        assert reading.topics("eve") == []
        assert reading.refusals("eve") == [(FindingKind.ESCAPE, None)]
        assert "leads out of the submission" in reading.words("eve")
    assert not (tmp_path / "evil.py").exists()


@pytest.mark.parametrize(
    "name",
    ["a\x1bb.py", "a\nb.py", "a\0b.py", "a\u202eb.py", "con.py", "LPT1", "x./y.py", "x:y", "a "],
)
def test_name_that_deceives_refuses_its_topic(tmp_path: Path, catalog: Catalog, name: str) -> None:
    put(tmp_path / "all", {"eve.zip": with_files({f"{BOOKS}/{name}": b"x", name: b"y"})})
    reading = beside(tmp_path / "all", catalog)
    if name == "x:y":
        assert reading.refusals("eve") == [(FindingKind.ESCAPE, None)]
        return
    assert reading.topics("eve") == ["5.1.2"]
    assert reading.refusals("eve") == [(FindingKind.UNREADABLE, "5.1.1")]
    assert reading.notes("eve") == [FindingKind.UNREADABLE]
    assert reading.words("eve").isprintable() or reading.words("eve").count("\n") == 1


def test_undecodable_name_on_disk_refuses_its_topic(tmp_path: Path, catalog: Catalog) -> None:
    folder = put(tmp_path / "all" / "eve", WORK)
    (folder / BOOKS / os.fsdecode(b"caf\xe9.py")).write_bytes(b"")
    reading = beside(tmp_path / "all", catalog)
    assert reading.refusals("eve") == [(FindingKind.UNREADABLE, "5.1.1")]
    reading.words("eve").encode()


@pytest.mark.parametrize(
    "first, second",
    [
        ("App.py", "app.py"),
        ("caf\u00e9.py", "cafe\u0301.py"),
        ("stra\u00dfe.py", "STRASSE.py"),
        ("\ufb01.py", "fi.py"),
        ("a.py", "a.py"),
        ("x/a.py", "X/b.py"),
        ("x", "x/a.py"),
        ("x/a.py", "x"),
    ],
)
def test_names_that_collide_refuse_their_topic(
    tmp_path: Path, catalog: Catalog, first: str, second: str
) -> None:
    files = [(f"{BOOKS}/{first}", b"1"), (f"{BOOKS}/{second}", b"2")]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("warnings.warn", lambda *_, **__: None)
        packed = with_files(files)
    put(tmp_path / "all", {"eve.zip": packed})
    reading = beside(tmp_path / "all", catalog)
    assert reading.topics("eve") == ["5.1.2"]
    assert set(reading.refusals("eve")) == {(FindingKind.NAME_COLLISION, "5.1.1")}


@pytest.mark.parametrize("target", ["{secret}", "../t02_loans/app.py"])
def test_links_on_disk_are_not_followed(tmp_path: Path, catalog: Catalog, target: str) -> None:
    secret = put(tmp_path, {"secret.py": SECRET}) / "secret.py"
    folder = put(tmp_path / "all" / "eve", WORK)
    (folder / BOOKS / "more.py").symlink_to(target.format(secret=secret))
    os.link(secret, put(tmp_path / "all" / "fay", WORK) / LOANS / "more.py")
    reading = beside(tmp_path / "all", catalog)
    assert reading.topics("eve") == ["5.1.2"]
    assert reading.refusals("eve") == [(FindingKind.LINK, "5.1.1")]
    assert reading.refusals("fay") == [(FindingKind.LINK, "5.1.2")]
    assert SECRET.decode() not in repr(reading.intake)


def test_folders_that_are_links_are_not_followed(tmp_path: Path, catalog: Catalog) -> None:
    outside = put(tmp_path / "outside", {f"{BOOKS}/app.py": SECRET})
    put(tmp_path / "all" / "eve", {f"{LOANS}/app.py": LOANS_APP})
    (tmp_path / "all" / "eve" / BOOKS).symlink_to(outside / BOOKS)
    (tmp_path / "all" / "fay").symlink_to(outside)
    (tmp_path / "all" / "gil").mkdir()
    (tmp_path / "all" / "gil" / "workspace").symlink_to(outside)
    reading = beside(tmp_path / "all", catalog)
    assert reading.refusals("eve") == [(FindingKind.LINK, "5.1.1")]
    assert reading.refusals("fay") == [(FindingKind.LINK, None)]
    assert reading.refusals("gil") == [(FindingKind.LINK, None)]
    assert SECRET.decode() not in repr(reading.intake)


def test_submissions_may_be_a_link_of_the_instructors(tmp_path: Path, catalog: Catalog) -> None:
    put(tmp_path / "all" / "ada", WORK)
    (tmp_path / "link").symlink_to(tmp_path / "all")
    assert Reading(tmp_path / "link", catalog).topics("ada") == ["5.1.1", "5.1.2"]


@pytest.mark.timeout(20)
def test_pipes_and_sockets_are_not_opened(
    tmp_path: Path, catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path / "all" / "eve", WORK)
    os.mkfifo(tmp_path / "all" / "eve" / BOOKS / "pipe.py")
    os.mkfifo(tmp_path / "all" / "fay.zip")
    monkeypatch.chdir(tmp_path / "all" / "eve" / LOANS)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket.py")
        reading = beside(tmp_path / "all", catalog)
    assert reading.topics("eve") == []
    assert reading.refusals("eve") == [
        (FindingKind.SPECIAL_FILE, "5.1.1"),
        (FindingKind.SPECIAL_FILE, "5.1.2"),
    ]
    assert reading.refusals("fay") == [(FindingKind.SPECIAL_FILE, None)]


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE]
)
def test_odd_members_of_a_tar_refuse_their_topic(
    tmp_path: Path, catalog: Catalog, kind: bytes
) -> None:
    more = [member(f"{BOOKS}/more.py", kind, "/etc/passwd")]
    put(tmp_path / "all", {"eve.tar.gz": tar_of(WORK, more)})
    reading = beside(tmp_path / "all", catalog)
    assert reading.topics("eve") == ["5.1.2"]
    [(why, topic)] = reading.refusals("eve")
    assert why in (FindingKind.LINK, FindingKind.SPECIAL_FILE)
    assert topic == "5.1.1"


@pytest.mark.parametrize("mode", [0o120777, 0o010644, 0o020644, 0o140644])
def test_odd_members_of_a_zip_refuse_their_topic(
    tmp_path: Path, catalog: Catalog, mode: int
) -> None:
    name = f"{BOOKS}/more.py"
    put(tmp_path / "all", {"eve.zip": zip_of({**WORK, name: b"/etc/passwd"}, {name: mode})})
    reading = beside(tmp_path / "all", catalog)
    assert reading.topics("eve") == ["5.1.2"]
    assert [topic for _, topic in reading.refusals("eve")] == ["5.1.1"]


def lying(packed: bytes, size: int) -> bytes:
    """Change the size that a zip's headers state for its largest member."""
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        true = max(one.file_size for one in archive.infolist())
    return packed.replace(struct.pack("<I", true), struct.pack("<I", size))


@pytest.mark.parametrize("lies", [False, True])
def test_bomb_refuses_its_topic_within_little_memory(
    tmp_path: Path, catalog: Catalog, lies: bool
) -> None:
    bomb = with_files({f"{BOOKS}/data.txt": bytes(30_000_000), f"{BOOKS}/bomb.py": b"x"})
    put(tmp_path / "all", {"eve.zip": lying(bomb, 500_000) if lies else bomb})
    tracemalloc.start()
    reading = beside(tmp_path / "all", catalog)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert reading.topics("eve") == ["5.1.2"]
    [(why, topic)] = reading.refusals("eve")
    assert (why, topic) in [(FindingKind.BOMB, "5.1.1"), (FindingKind.UNREADABLE, "5.1.1")]
    assert peak < 15_000_000


@pytest.mark.parametrize("suffix", ["gz", "bz2", "xz"])
def test_bomb_of_a_tar_is_refused(tmp_path: Path, catalog: Catalog, suffix: str) -> None:
    bomb = tar_of({**WORK, "zeros.bin": bytes(20_000_000)}, suffix=suffix)
    put(tmp_path / "all", {f"eve.tar.{suffix}": bomb})
    tracemalloc.start()
    reading = beside(tmp_path / "all", catalog)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert reading.refusals("eve") == [(FindingKind.BOMB, None)]
    assert "a bomb" in reading.words("eve")
    assert peak < 40_000_000


def test_all_archives_of_a_submission_share_a_budget(
    tmp_path: Path, catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("checker.grading.intake.budget.Budget.__init__.__defaults__", (40_000,))
    noise = {"noise.bin": random.Random(1).randbytes(9_000)}
    for name in "abcde":
        put(tmp_path / "all" / "eve", {f"{name}.tar.gz": tar_of(noise)})
    reading = beside(tmp_path / "all", catalog)
    assert reading.refusals("eve") == [(FindingKind.BOMB, None)]
    assert "The submission becomes more than" in reading.words("eve")


def test_archives_in_archives_stay_closed(tmp_path: Path, catalog: Catalog) -> None:
    inner = zip_of({f"{LOANS}/app.py": LOANS_APP})
    put(tmp_path / "all", {"eve.zip": zip_of({f"{BOOKS}/app.py": BOOKS_APP, "x/in.zip": inner})})
    put(tmp_path / "all", {"fay.zip": with_files({f"{BOOKS}/old.zip": inner})})
    put(tmp_path / "all" / "gil", {"work.zip": zip_of(WORK)})
    reading = beside(tmp_path / "all", catalog)
    assert reading.topics("eve") == ["5.1.1"]
    assert reading.refusals("eve") == [(FindingKind.NESTED_ARCHIVE, None)]
    assert reading.submission("fay").topics["5.1.1"] == HONEST
    assert reading.notes("fay") == [FindingKind.NESTED_ARCHIVE]
    assert reading.topics("gil") == ["5.1.1", "5.1.2"]


@pytest.mark.parametrize(
    "content, words",
    [
        (b"", "is empty"),
        (b"hello", "is no zip or tar"),
        (b"7z\xbc\xaf\x27\x1c...", "is a 7z archive"),
        (b"Rar!\x1a\x07", "is a RAR archive"),
        (zip_of(WORK)[:-30], "is damaged"),
        (tar_of(WORK)[:-30], "is damaged"),
        (tar_of(WORK, suffix="bz2")[:60], "is damaged"),
        (tar_of(WORK, suffix="xz")[:60], "is damaged"),
        (gzip.compress(b"hello"), "is damaged"),
        (b"\x1f\x8bhello", "is damaged"),
        (gzip.compress(b"") * 100_000, "more than 100 parts"),
    ],
    ids=[
        *("empty", "text", "7z", "rar", "cut_zip", "cut_gz", "cut_bz2", "cut_xz"),
        *("gz_of_text", "no_gz", "many_parts"),
    ],
)
def test_what_is_no_archive_is_said(
    tmp_path: Path, catalog: Catalog, content: bytes, words: str
) -> None:
    put(tmp_path / "all", {"eve.zip": content})
    reading = beside(tmp_path / "all", catalog)
    assert reading.refusals("eve") == [(FindingKind.UNREADABLE, None)]
    assert "eve.zip" in reading.words("eve")
    assert words in reading.words("eve")


def test_one_broken_attachment_leaves_the_others(tmp_path: Path, catalog: Catalog) -> None:
    files = {"5.1.1.zip": b"broken", "5.1.2.zip": zip_of({"app.py": LOANS_APP})}
    put(tmp_path / "all" / "eve", files)
    reading = beside(tmp_path / "all", catalog)
    assert reading.topics("eve") == ["5.1.2"]
    assert [why for why, _ in reading.refusals("eve")] == [FindingKind.UNREADABLE]


def flagged(packed: bytes, offset_local: int, offset_central: int, value: bytes) -> bytes:
    """Set two bytes in every header of a zip."""
    found = bytearray(packed)
    for magic, offset in ((b"PK\x03\x04", offset_local), (b"PK\x01\x02", offset_central)):
        place = packed.find(magic)
        while place >= 0:
            found[place + offset : place + offset + 2] = value
            place = packed.find(magic, place + 4)
    return bytes(found)


@pytest.mark.parametrize(
    "offsets, value, words",
    [((6, 8), b"\x01\x00", "is encrypted"), ((8, 10), b"\x0e\x00", "by an unusual method")],
)
def test_encrypted_and_unusual_zips_are_refused(
    tmp_path: Path, catalog: Catalog, offsets: tuple[int, int], value: bytes, words: str
) -> None:
    put(tmp_path / "all", {"eve.zip": flagged(zip_of(WORK), *offsets, value)})
    reading = beside(tmp_path / "all", catalog)
    assert reading.topics("eve") == []
    assert reading.refusals("eve") == [
        (FindingKind.UNREADABLE, "5.1.1"),
        (FindingKind.UNREADABLE, "5.1.2"),
    ]
    assert words in reading.words("eve")


def test_damaged_member_refuses_its_topic(tmp_path: Path, catalog: Catalog) -> None:
    packed = bytearray(zip_of(WORK))
    packed[packed.find(b"PK\x01\x02") + 16] ^= 0xFF
    put(tmp_path / "all", {"eve.zip": bytes(packed)})
    reading = beside(tmp_path / "all", catalog)
    assert reading.refusals("eve") == [(FindingKind.UNREADABLE, "5.1.1")]
    assert reading.topics("eve") == ["5.1.2"]


def with_header(content: bytes, size: bytes, kind: bytes = tarfile.REGTYPE) -> bytes:
    """Give a tar's first header another size and kind."""
    header = bytearray(content[:512])
    header[124:136], header[156:157] = size, kind
    checksum = 256 + sum(header[:148]) + sum(header[156:])
    header[148:156] = f"{checksum:06o}\0 ".encode()
    return bytes(header) + content[512:]


def test_tars_that_would_keep_a_reader_busy_end(tmp_path: Path, catalog: Catalog) -> None:
    plain = tar_of(WORK, suffix="")
    length = b"17 size=-1000000\n"
    negative = with_header(plain, b"%011o\0" % len(length), tarfile.XHDTYPE)[:512]
    chain = with_header(plain, b"%011o\0" % 0, tarfile.XHDTYPE)[:512]
    tars = {
        "backwards": with_header(plain, b"\xff" * 12),
        "long": tar_of(WORK, [member("x" * 90_000)]),
        "negative": negative + length.ljust(512, b"\0") + plain,
        "chain": chain * 5_000 + plain,
    }
    put(tmp_path / "all", {f"{name}.tar": content for name, content in tars.items()})
    reading = beside(tmp_path / "all", catalog)
    for student in tars:
        assert reading.topics(student) == []
        assert reading.refusals(student) == [(FindingKind.UNREADABLE, None)]


def test_limits_are_said(tmp_path: Path, catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    noise = random.Random(2)
    monkeypatch.setattr(trees, "TOPIC_FILES", 20)
    monkeypatch.setattr(trees, "TOPIC_BYTES", 2_500_000)
    monkeypatch.setattr(trees, "SUBMISSION_BYTES", 3_000_000)
    monkeypatch.setattr(listing, "LISTED_FILES", 100)
    half = noise.randbytes(900_000)
    work = tmp_path / "all"
    put(work / "big", {**WORK, f"{BOOKS}/big.bin": noise.randbytes(limits.FILE_BYTES + 1)})
    put(work / "many", {**WORK, **{f"{BOOKS}/{n}.py": b"" for n in range(21)}})
    put(work / "heavy", {**WORK, **{f"{BOOKS}/{n}.bin": half for n in range(3)}})
    two = {f"{topic}/{n}.bin": half for topic in (BOOKS, LOANS) for n in range(2)}
    put(work / "sum", {**WORK, **two})
    put(work / "crowd", {**WORK, **{f"other/{n}.txt": b"" for n in range(101)}})
    put(work / "deep", {**WORK, BOOKS + "/a" * 19 + "/x.py": b""})
    put(work, {"long.zip": with_files({f"{BOOKS}/{'n' * 201}.py": b""})})
    put(work, {"longer.zip": with_files({f"{BOOKS}/{'/'.join(['m' * 150] * 8)}.py": b""})})
    reading = beside(work, catalog)
    assert reading.submission("big").topics["5.1.1"] == HONEST
    assert reading.notes("big") == [FindingKind.LEFT_OUT]
    assert "big.bin is larger than 1 MB and was left out" in reading.words("big")
    assert reading.refusals("many") == [(FindingKind.TOO_MANY_FILES, "5.1.1")]
    assert reading.refusals("heavy") == [(FindingKind.TOO_LARGE, "5.1.1")]
    assert reading.refusals("sum") == [(FindingKind.TOO_LARGE, None)]
    assert reading.topics("sum") == []
    assert reading.refusals("crowd") == [(FindingKind.TOO_MANY_FILES, None)]
    for student in ("deep", "long", "longer"):
        assert reading.refusals(student) == [(FindingKind.TOO_LARGE, "5.1.1")]
        assert reading.topics(student) == ["5.1.2"]


def test_large_and_crowded_archives_are_not_opened(
    tmp_path: Path, catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("checker.grading.intake.archives.ARCHIVE_BYTES", 10_000)
    monkeypatch.setattr("checker.grading.intake.zips.LISTED_FILES", 50)
    monkeypatch.setattr("checker.grading.intake.tars.LISTED_FILES", 50)
    crowd = {f"{number}.txt": b"" for number in range(51)}
    put(tmp_path / "all", {"big.zip": zip_of({"x": random.Random(3).randbytes(11_000)})})
    put(tmp_path / "all", {"zip.zip": zip_of(crowd), "tar.tar.gz": tar_of(crowd)})
    reading = beside(tmp_path / "all", catalog)
    assert reading.refusals("big") == [(FindingKind.TOO_LARGE, None)]
    assert reading.refusals("zip") == [(FindingKind.TOO_MANY_FILES, None)]
    assert reading.refusals("tar") == [(FindingKind.UNREADABLE, None)]


def test_thousand_oddities_are_a_few_sentences(tmp_path: Path, catalog: Catalog) -> None:
    links = [member(f"{BOOKS}/{n}.py", tarfile.SYMTYPE, "/etc") for n in range(1_000)]
    put(tmp_path / "all", {"eve.tar.gz": tar_of(WORK, links)})
    reading = beside(tmp_path / "all", catalog)
    assert len(reading.of("eve")) == limits.SENTENCES + 1
    assert "995 more" in reading.words("eve")


def test_unreadable_folder_is_said(
    tmp_path: Path, catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path / "all" / "eve", WORK)
    put(tmp_path / "all" / "fay", WORK)
    scandir, open_file, locked = os.scandir, os.open, {str(tmp_path / "all" / "eve" / BOOKS)}

    def scan(path: str | os.PathLike[str]) -> object:
        if str(path) in locked:
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    def refuse(path: str | os.PathLike[str], *arguments: int) -> int:
        if str(path).endswith(f"fay/{LOANS}/app.py"):
            raise PermissionError(13, "Permission denied")
        return open_file(path, *arguments)

    def look(path: Path) -> os.stat_result:
        if path.name == "lost.py":
            raise FileNotFoundError(2, "No such file or directory")
        return os.lstat(path)

    put(tmp_path / "all" / "gil", {**WORK, ".git/HEAD": b"", ".git/objects/x": b""})
    put(tmp_path / "all" / "gil" / ".git" / "refs", {})
    put(tmp_path / "all" / "hal", {**WORK, f"{BOOKS}/lost.py": b""})
    put(tmp_path / "all", {"lost.py": b""})
    locked |= {str(tmp_path / "all" / "gil")}
    monkeypatch.setattr(Path, "lstat", look)
    monkeypatch.setattr("checker.grading.intake.disk.os.scandir", scan)
    monkeypatch.setattr("checker.grading.intake.disk.os.open", refuse)
    reading = beside(tmp_path / "all", catalog)
    assert reading.refusals("eve") == [(FindingKind.UNREADABLE, "5.1.1")]
    assert reading.refusals("fay") == [(FindingKind.UNREADABLE, "5.1.2")]
    assert reading.refusals("gil") == [(FindingKind.UNREADABLE, None)]
    assert reading.refusals("hal") == [(FindingKind.UNREADABLE, "5.1.1")]
    assert reading.refusals("lost.py") == [(FindingKind.SPECIAL_FILE, None)]
    assert "cannot be read: Permission denied" in reading.words("eve")
    locked |= {str(tmp_path / "all")}
    with pytest.raises(UsageError, match="cannot be read: Permission denied"):
        Reading(tmp_path / "all", catalog)


def test_whatever_a_submission_does_the_class_goes_on(
    tmp_path: Path, catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise KeyError("a mistake of a library")

    monkeypatch.setattr("checker.grading.intake.contents.open_archive", fail)
    put(tmp_path / "all", {"eve.zip": zip_of(WORK)})
    reading = beside(tmp_path / "all", catalog)
    assert reading.refusals("eve") == [(FindingKind.UNREADABLE, None)]
    assert reading.words("eve") == "eve.zip cannot be read: KeyError."


@pytest.mark.timeout(20)
def test_file_that_became_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.py")
    with pytest.raises(Refused, match=r"pipe\.py is no ordinary file"):
        read_file(tmp_path / "pipe.py", 10)


def test_sparse_file_without_its_data_refuses_its_topic(tmp_path: Path, catalog: Catalog) -> None:
    holes = member(f"{BOOKS}/holes.py")
    holes.pax_headers = {"GNU.sparse.size": "900000", "GNU.sparse.map": "0,900000"}
    put(tmp_path / "all", {"eve.tar": tar_of(WORK, [holes], suffix="")})
    reading = beside(tmp_path / "all", catalog)
    assert reading.refusals("eve") == [(FindingKind.UNREADABLE, "5.1.1")]
    assert "holes.py is damaged" in reading.words("eve")


@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", ["{}/app.py", "_ - " * 12_000 + "{}.py", "a/" * 20_000 + "{}"])
def test_names_that_are_slow_to_read_are_not(tmp_path: Path, catalog: Catalog, name: str) -> None:
    many = 5_000 if len(name) < 100 else 300
    crowd = {name.format(number): BOOKS_APP for number in range(many)}
    put(tmp_path / "all", {"eve.zip": zip_of(crowd)})
    began = time.perf_counter()
    reading = beside(tmp_path / "all", catalog)
    assert time.perf_counter() - began < 20
    assert reading.topics("eve") == []
    assert reading.refusals("eve") == [(FindingKind.NOTHING_FOUND, None)]
    assert len(reading.words("eve")) < 3_000


def test_names_that_chance_makes_stay_inside() -> None:
    chance = random.Random(4)
    pieces = ["..", ".", "/", "\\", "a", "C:", "\0", "\n", "\u202e", "nul", " ", "é", "~", "\ud800"]
    for _ in range(5_000):
        name = "".join(chance.choices(pieces, k=chance.randint(1, 8)))
        for windows in (False, True):
            try:
                parts = clean_parts(name, windows=windows)
            except Refused:
                continue
            path = "/".join(parts)
            assert os.path.normpath(f"/base/{path}").startswith("/base")
            assert ".." not in parts
            assert not set(path) & set("\\:\0\n\u202e\ud800")


@pytest.mark.parametrize("packed", [zip_of(WORK), tar_of(WORK, suffix=""), tar_of(WORK)])
def test_archives_damaged_by_chance_never_stop_the_class(
    tmp_path: Path, catalog: Catalog, packed: bytes
) -> None:
    chance = random.Random(5)
    put(tmp_path / "all" / "zoe", WORK)
    for number in range(120):
        broken = bytearray(packed[: chance.randint(1, len(packed))] if number % 3 == 0 else packed)
        for _ in range(chance.randint(1, 6)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        put(tmp_path / "all", {f"eve{number}.zip": bytes(broken)})
    reading = Reading(tmp_path / "all", catalog)
    assert len(reading.ids) == 121
    for student in reading.ids:
        assert reading.topics(student) or reading.refusals(student)


def test_lone_link_to_a_download_is_not_followed(tmp_path: Path, catalog: Catalog) -> None:
    put(tmp_path, {"other.zip": zip_of({"Ada_1_assignsubmission_file_/5.1.1/app.py": SECRET})})
    (tmp_path / "all").mkdir()
    (tmp_path / "all" / "ada.zip").symlink_to(tmp_path / "other.zip")
    reading = Reading(tmp_path / "all", catalog)
    assert reading.refusals("ada") == [(FindingKind.LINK, None)]
    assert SECRET.decode() not in repr(reading.intake)
