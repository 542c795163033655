"""The results of a class in the forms that people and platforms read: `export`."""

from checker.grading.export.formats import FORMATS, export
from checker.grading.export.job import Format, Job

__all__ = ["FORMATS", "Format", "Job", "export"]
