"""Count what comes out of archives, whatever their headers say."""

from checker.grading.intake.limits import UNPACKED_BYTES
from checker.grading.intake.oddity import Scope, refuse
from checker.grading.intake.printing import shown, size
from checker.grading.model import FindingKind


class Budget:
    """The bytes that may be unpacked.

    Args:
        name: of the archive or submission, to begin a sentence with.
        most: bytes that may come out.
    """

    def __init__(self, name: str, most: int = UNPACKED_BYTES) -> None:
        self._name = name
        self._most = most
        self._left = most

    def spend(self, count: int) -> None:
        """Count bytes.

        Raises:
            Refused: there are more than may come out.
        """
        self._left -= count
        if self._left < 0:
            message = f"{shown(self._name)} becomes more than {size(self._most)} when unpacked."
            raise refuse(FindingKind.BOMB, message, scope=Scope.ALL)
