"""How much of a submission is read: what is beyond is left out or refused, and said."""

from checker.files import LARGEST_FILE, MOST_FILES

FILE_BYTES = LARGEST_FILE
"""A larger file is left out, as `checker check` leaves it out."""
TOPIC_FILES = MOST_FILES
TOPIC_BYTES = 5_000_000
SUBMISSION_BYTES = 20_000_000
"""Of all topics of one student together."""
LISTED_FILES = 20_000
"""Names that are looked at in one submission; few of them are read."""
ARCHIVE_BYTES = 50_000_000
UNPACKED_BYTES = 100_000_000
"""What one archive may become; it is counted while it is unpacked."""
RATIO = 200
"""A file that grows more than so many times, beyond `FILE_BYTES`, is a bomb."""
DEPTH = 20
NAME_BYTES = 200
PATH_BYTES = 1_000
SENTENCES = 5
"""Findings of one kind that a topic may have, before the rest are only counted."""
