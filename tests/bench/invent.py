"""Invent data for the hand-written suites."""

import random

WORDS = ("river", "candle", "harbour", "orchard", "lantern", "meadow", "signal", "winter")
NAMES = ("Amina Diallo", "Jonas Weber", "Wei Chen", "Tove Berg", "Ines Costa")


def word() -> str:
    """Give a word that no answer can know."""
    return f"{random.choice(WORDS)}{random.randint(100, 999)}"


def title() -> str:
    """Give the title of a book."""
    return f"The {random.choice(WORDS).title()} and the {word()}"


def name() -> str:
    """Give a person's name."""
    return random.choice(NAMES)


def email() -> str:
    """Give an address in a domain that is reserved for examples."""
    return f"{word()}@example.org"


def sentence() -> str:
    """Give a sentence of five words."""
    return f"{' '.join(word() for _ in range(5)).capitalize()}."


def isbn() -> str:
    """Give a valid ISBN-13, digits only."""
    digits = [9, 7, 8, *(random.randint(0, 9) for _ in range(9))]
    total = sum(digit * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return "".join(map(str, digits)) + str(-total % 10)
