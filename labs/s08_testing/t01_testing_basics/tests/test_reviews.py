"""Tests of the stars that readers give."""

from library.rules import average


# region find_tests: pytest finds and runs the three tests that stand here.
def average_of_one_review() -> None:
    assert average([4]) == 4.0


class AverageTests:
    """Averages of several reviews."""

    def test_has_one_decimal(self) -> None:
        assert average([5, 4, 4]) == 4.3

    def without_reviews(self) -> None:
        assert average([]) is None


# endregion
