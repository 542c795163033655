"""Texts taken apart: tokens, words that matter, sentences."""

import re

_TOKEN = re.compile(r"\n|[^\S\n]*\S{1,8}|[^\S\n]+")
_WORD = re.compile(r"[^\W_]+")
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")
_LABEL = re.compile(r"^[A-Z][a-z]+:\s+")
_EMPTY = frozenset(
    _WORD.findall("""
    a about all an and any are as at be by can could do does for from has have how i if in is it
    its me my no not of on or our please say so tell that the their them there they this to us
    was we were what when where which who whose why will with would you your
    answer context question use
    """)
)


def tokens(text: str) -> list[str]:
    """Split a text into the pieces that are generated one by one; joined, they are the text."""
    return _TOKEN.findall(text)


def count(text: str) -> int:
    """Count the tokens of a text."""
    return len(tokens(text))


def telling_words(text: str) -> list[str]:
    """List the words that carry meaning, in order, as they stand there."""
    return [word for word in _WORD.findall(text) if word.lower() not in _EMPTY]


def content_words(text: str) -> list[str]:
    """List the words that carry meaning, in order, small and without a plural's s."""
    return [_stem(word.lower()) for word in telling_words(text)]


def _stem(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def sentences(text: str) -> list[str]:
    """Split a text into sentences, without labels such as `Context:` before them."""
    found = (_LABEL.sub("", one.strip()) for one in _SENTENCE.findall(text))
    return [one for one in found if one]
