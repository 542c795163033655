"""Outline, lessons and paths as immutable Section, Topic and Task: the only place that knows where things lie."""
