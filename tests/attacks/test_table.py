"""The page that tells of the attacks is the corpus."""

from tests.attacks.corpus import read_corpus
from tests.attacks.parcels import PARCELS
from tests.attacks.table import FILE, draw

FLAKY = {24}  # tests/grading/test_grade.py: it takes repeats to see one


def test_page_is_current() -> None:
    assert FILE.read_text(encoding="utf-8") == draw(), "Run: make attacks"


def test_every_kind_of_attack_is_there() -> None:
    numbers = {number for attack in read_corpus() for number in attack.numbers}
    numbers |= {number for parcel in PARCELS for number in parcel.numbers}
    assert numbers | FLAKY >= set(range(1, 26))
