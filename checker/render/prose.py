"""Names between backticks in the sentences of a card."""

import re

CODE = re.compile(r"`([^`\n]+)`")


def without_marks(sentence: str) -> str:
    """Take the backticks off."""
    return CODE.sub(r"\1", sentence)


def parts(sentence: str) -> list[tuple[str, bool]]:
    """Split a sentence into pieces: text, and whether it is code."""
    pieces = CODE.split(sentence)
    return [(piece, index % 2 == 1) for index, piece in enumerate(pieces) if piece]
