"""Write values of unknown origin as short, harmless text: JSON if possible, no blind cuts."""

import json
import re

from checker.harmless import clean

LONGEST = 160
WINDOW = 60
ELLIPSIS = "…"


def decode(body: bytes) -> str:
    r"""Give bytes as text; those that are not UTF-8 become `\xNN`."""
    return body.decode("utf-8", "backslashreplace")


def show(value: object) -> str:
    """Write a value as JSON if it is that, else as Python does, also if its repr is broken."""
    if _is_json(value):
        try:
            return json.dumps(value, ensure_ascii=False)
        except (ValueError, RecursionError):
            pass
    try:
        return repr(value)
    except Exception as error:  # noqa: BLE001 - any exception can come out of a foreign __repr__
        return f"<{type(value).__name__} whose repr raised {type(error).__name__}>"


def _is_json(value: object, depth: int = 0) -> bool:
    if depth > 20:
        return False
    if type(value) is dict:
        return all(type(k) is str and _is_json(v, depth + 1) for k, v in value.items())
    if type(value) is list:
        return all(_is_json(entry, depth + 1) for entry in value)
    return value is None or type(value) in (str, int, float, bool)


def show_short(value: object, longest: int = LONGEST) -> str:
    """Write a value on one line of at most `longest` characters, from its beginning."""
    return shorten(clean(show(value), keep=""), longest)


def shorten(text: str, longest: int = LONGEST) -> str:
    """Cut a text at its end and say so with an ellipsis."""
    return text if len(text) <= longest else text[: longest - 1] + ELLIPSIS


def show_pair(expected: object, got: object) -> tuple[str, str]:
    """Write two different values so that their difference is seen, however long they are."""
    first, second = clean(show(expected), keep=""), clean(show(got), keep="")
    if first == second:
        return f"{first} ({_type_name(expected)})", f"{second} ({_type_name(got)})"
    if max(len(first), len(second)) <= LONGEST:
        return first, second
    at = first_difference(first, second)
    return window(first, at), window(second, at)


def _type_name(value: object) -> str:
    return type(value).__name__


def first_difference(one: str, other: str) -> int:
    """Give the index of the first character that differs, or the shorter length."""
    for index, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return index
    return min(len(one), len(other))


def window(text: str, at: int, size: int = WINDOW) -> str:
    """Cut out the surroundings of one place in a text."""
    start, end = max(0, at - size // 2), at + size
    before = ELLIPSIS if start > 0 else ""
    after = ELLIPSIS if end < len(text) else ""
    return before + text[start:end] + after


SECRET_WORDS = frozenset(("password", "passwd", "secret", "token", "hash", "key", "salt"))
COUNTING_WORDS = frozenset(("count", "limit", "budget", "usage", "index"))
JSON_TYPES = {
    dict: "an object",
    list: "a list",
    str: "a string",
    bool: "a boolean",
    int: "a number",
    float: "a number",
    type(None): "null",
}


def type_words(value: object) -> str:
    """Name a value's type as JSON does: `an object`, `a list`, `null`."""
    return JSON_TYPES.get(type(value), f"a {type(value).__name__}")


def unmarked(sentence: str) -> str:
    """Take the backticks off the names in a sentence, for a place where values stand."""
    return re.sub(r"`([^`\n]+)`", r"\1", sentence)


def sounds_secret(name: str) -> bool:
    """Tell whether a key says that its value must stay inside: `password_hash`, `apiKey`.

    A language model's `tokens` are none, nor is what counts them: `token_limit`.
    """
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    words = set(re.split(r"[\W_]+", spaced.lower()))
    return bool(words & SECRET_WORDS) and not words & COUNTING_WORDS


def join_words(words: list[str], last: str = "and") -> str:
    """Join words as a sentence does: `a, b and c`."""
    words = [clean(word, keep="") for word in words]
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"
