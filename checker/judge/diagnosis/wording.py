"""A difference in words: a sentence, the expected side, the side that came."""

from checker.judge.diagnosis.case import listed
from checker.judge.diagnosis.difference import Difference, How, path_text, same
from checker.judge.diagnosis.values import (
    ELLIPSIS,
    join_words,
    show_pair,
    show_short,
    type_words,
    unmarked,
)


def keys_words(value: dict[str, object]) -> str:
    """List an object's keys."""
    return f"the keys {join_words([f'`{key}`' for key in value])}" if value else "no keys"


def count(number: int, word: str) -> str:
    """Write a number with its noun: `1 entry`, `no entries`."""
    plural = word[:-1] + "ies" if word.endswith("y") else word + "s"
    return f"{number or 'no'} {word if number == 1 else plural}"


def difference_words(found: Difference, subject: str, root: str) -> tuple[str, str, str]:
    """Say a difference: a sentence about `subject`, the expected side, the side that came."""
    there, outer = path_text(found.path, root), path_text(found.path[:-1], root)
    last = found.path[-1] if found.path else root
    inside = f" in `{outer}`" if len(found.path) > 1 else ""
    if found.how is How.MISSING:
        has = keys_words(found.got) if isinstance(found.got, dict) else show_short(found.got)
        wanted = f"{there} = {show_short(found.expected)}"
        return f"{subject} lacks the key `{last}`{inside}.", wanted, unmarked(f"{outer} has {has}")
    if found.how is How.EXTRA:
        has = keys_words(found.expected) if isinstance(found.expected, dict) else ""
        came = f"{there} = {show_short(found.got)}"
        headline = f"{subject} has a key too many{inside}: `{last}`."
        only = "only " if found.expected else ""
        return headline, unmarked(f"{outer} has {only}{has}"), came
    expected, got = show_pair(found.expected, found.got)
    if found.how is How.LENGTH and ELLIPSIS in expected + got:
        return _sentence(found, subject, there), *_entries(found, there)
    return _sentence(found, subject, there), f"{there} = {expected}", f"{there} = {got}"


def _entries(found: Difference, there: str) -> tuple[str, str]:
    """Show two long lists by their lengths and by the first entry that the other lacks."""
    expected, got = listed(found.expected), listed(found.got)
    missing = next((one for one in expected if not any(same(one, it) for it in got)), None)
    surplus = next((one for one in got if not any(same(one, it) for it in expected)), None)
    sides = []
    for entries, odd in ((expected, missing), (got, surplus)):
        among = f", among them {show_short(odd)}" if odd is not None else ""
        sides.append(f"{there} has {count(len(entries), 'entry')}{among}")
    return sides[0], sides[1]


def _sentence(found: Difference, subject: str, there: str) -> str:
    place = f" in `{there}`" if found.path else ""
    match found.how:
        case How.LENGTH:
            wanted, came = list_lengths(found)
            return f"{subject} has {came} instead of {wanted}{place}."
        case How.ORDER:
            return f"{subject} has the right entries in the wrong order{place}."
    what, wanted = type_words(found.got), type_words(found.expected)
    if found.how is How.TYPE and what != wanted:
        at = f"has {what} at `{there}`" if found.path else f"is {what}"
        return f"{subject} {at} instead of {wanted}."
    return f"{subject} {f'has the wrong value at `{there}`' if found.path else 'is wrong'}."


def list_lengths(found: Difference) -> tuple[str, str]:
    """Count the entries on both sides."""
    wanted = len(found.expected) if isinstance(found.expected, list) else 0
    came = len(found.got) if isinstance(found.got, list) else 0
    return str(wanted or "none"), count(came, "entry")
