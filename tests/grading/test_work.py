"""Work and results as they travel, and what refuses them."""

import json
import pickle
import zlib
from dataclasses import replace
from pathlib import Path

import pytest

from checker.catalog import Catalog
from checker.grading.work import (
    Result,
    Work,
    WorkRefusedError,
    curriculum_digest,
    pack_results,
    unpack_results,
)
from checker.report import Verdict
from tests.grading.invent import TOPICS, receipt, report
from tests.grading.orders import order

NAMES = {"app.py": b"\x00\xff\n", "library/b\udcff.py": b"", "déjà vu.txt": b"\r\n"}


@pytest.mark.usefixtures("tiny")
def test_work_travels_as_bytes() -> None:
    work = order("ada", ("5.1.1", NAMES), ("5.1.2", {}), repeats=(0, 3))
    data = work.to_bytes()
    assert isinstance(data, bytes)
    assert Work.from_bytes(data) == work


def test_results_travel_as_bytes() -> None:
    one = Result("ada", "5.1.1", "due", report(TOPICS[0], Verdict.FAILED), receipt(2), 3)
    assert Result.from_bytes(one.to_bytes()) == one
    assert unpack_results(pack_results([one, one])) == [one, one]


@pytest.mark.usefixtures("tiny")
def test_work_of_another_version_is_refused() -> None:
    work = replace(order("ada", ("5.1.1", {})), checker="0.0.1")
    with pytest.raises(WorkRefusedError, match=r"from version 0\.0\.1") as caught:
        Work.from_bytes(work.to_bytes())
    again = pickle.loads(pickle.dumps(caught.value))
    assert (again.message, again.remedy) == (caught.value.message, caught.value.remedy)
    assert "same version on every worker" in again.remedy


@pytest.mark.usefixtures("tiny")
@pytest.mark.parametrize("name", ["../app.py", "/app.py", "library/../../app.py"])
def test_files_that_leave_their_folder_are_refused(name: str) -> None:
    data = order("ada", ("5.1.1", {name: b""})).to_bytes()
    with pytest.raises(WorkRefusedError, match="would leave its folder"):
        Work.from_bytes(data)


def test_work_is_json_inside(tiny: Path) -> None:
    assert tiny.is_dir()
    raw = json.loads(zlib.decompress(order("ada", ("5.1.1", {"app.py": b"x"})).to_bytes()))
    assert raw["topics"][0]["tree"] == {"app.py": "eA=="}


@pytest.mark.parametrize(
    "room", ["curriculum/s01_shelf/t01_books.md", "checker/suites/s01_shelf/test_t01_books.py"]
)
def test_digest_knows_each_line_but_not_its_ending(tiny: Path, room: str) -> None:
    before, file = curriculum_digest(Catalog()), tiny / room
    text = file.read_bytes()
    file.write_bytes(text.replace(b"\n", b"\r\n"))
    assert curriculum_digest(Catalog()) == before
    file.write_bytes(text + b"\n")
    assert curriculum_digest(Catalog()) != before
