"""Read what a class handed in: any download, any archive, any name, and nothing trusted."""

from checker.grading.intake.read import read_submissions
from checker.grading.intake.roster import Roster, read_roster

__all__ = ["Roster", "read_roster", "read_submissions"]
