"""Show names and sizes that strangers chose, in one line that cannot deceive its reader."""

import unicodedata

from checker.harmless import DIRECTIONS, escape

_SHOWN = 120


def shown(name: str) -> str:
    r"""Give a name as it can be printed: one line, nothing invisible, not too long.

    >>> shown("app\u202eyp.\x00")
    'app\\u202eyp.\\x00'
    """
    if len(name) > 2 * _SHOWN:
        name = name[:_SHOWN] + name[-_SHOWN:]
    text = "".join(letter if letter.isprintable() else escape(letter) for letter in name)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN // 2]}...{text[-_SHOWN // 2 :]}"


def is_control(letter: str) -> bool:
    """Tell whether a character moves the cursor, turns the direction of text, or is half of one."""
    return unicodedata.category(letter) in ("Cc", "Cs") or letter in DIRECTIONS


def has_controls(text: str) -> bool:
    """Tell whether a text has a character that `is_control`."""
    return not (text.isascii() and text.isprintable()) and any(map(is_control, text))


def without_controls(text: str) -> str:
    """Put U+FFFD for each character that could move a cursor or turn the direction of text."""
    return "".join("\ufffd" if is_control(letter) else letter for letter in text)


def size(count: int) -> str:
    """Say a number of bytes: "3 MB".

    >>> size(1_000_000), size(2_560), size(12)
    ('1 MB', '2.6 kB', '12 bytes')
    """
    for unit, name in ((1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")):
        if count >= unit:
            return f"{count / unit:.1f}".removesuffix(".0") + f" {name}"
    return f"{count} bytes"
