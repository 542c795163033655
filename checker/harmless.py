"""Text of unknown origin, made harmless for whoever prints or shows it."""

import unicodedata

DIRECTIONS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that turn the direction of writing."""
_UNSEEN = (
    DIRECTIONS | frozenset("\ufeff\ufff9\ufffa\ufffb") | set(map(chr, range(0xE0000, 0xE0080)))
)


def clean(text: str, keep: str = "\n\t") -> str:
    """Escape what is acted on or hides something: controls, direction marks, half characters.

    Args:
        text: whatever it is.
        keep: characters that stay although they are controls.
    """
    return "".join(char if _is_harmless(char, keep) else escape(char) for char in text)


def line(text: str) -> str:
    """Give text as one line: as `clean`, tabs and newlines too."""
    return clean(text, keep="")


def escape(char: str) -> str:
    r"""Give a character as Python writes it in a string: `\n`, `\x1b`, `\u202e`."""
    return char.encode("unicode_escape", "surrogatepass").decode("ascii")


def _is_harmless(char: str, keep: str) -> bool:
    if char in keep or char.isprintable():
        return char not in _UNSEEN
    return unicodedata.category(char) in {"Zs", "Cf"} and char not in _UNSEEN
