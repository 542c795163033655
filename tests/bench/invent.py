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
