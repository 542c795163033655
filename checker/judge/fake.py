"""Seeded data of the lending library, so that answers written into a lab by hand do not pass."""

import random

FIRST_WORDS = ("silent", "crimson", "northern", "hidden", "paper", "winter", "hollow", "golden")
SECOND_WORDS = ("harbour", "orchard", "signal", "lantern", "archive", "meadow", "engine", "letter")
FIRST_NAMES = ("Ada", "Noor", "Mateo", "Ines", "Kofi", "Yuki", "Lena", "Tariq", "Maya", "Olu")
LAST_NAMES = ("Okafor", "Lindqvist", "Haddad", "Moreau", "Tanaka", "Silva", "Novak", "Byrne")
WORDS = ("reader", "shelf", "margin", "chapter", "borrow", "return", "review", "index", "plot")


class Fake:
    """Make up books and readers from a seed.

    Args:
        seed: the same seed gives the same data.
    """

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed)

    def word(self) -> str:
        """Give a word with a number that makes it unlikely to occur elsewhere."""
        return f"{self._random.choice(WORDS)}{self._random.randint(100, 999)}"

    def title(self) -> str:
        """Give the title of a book."""
        first, second = self._random.choice(FIRST_WORDS), self._random.choice(SECOND_WORDS)
        return f"The {first} {second} {self._random.randint(2, 99)}"

    def name(self) -> str:
        """Give a person's name."""
        return f"{self._random.choice(FIRST_NAMES)} {self._random.choice(LAST_NAMES)}"

    def email(self) -> str:
        """Give an address in a domain that is reserved for examples (RFC 2606)."""
        first, last = self.name().lower().split()
        return f"{first}.{last}{self._random.randint(10, 999)}@example.org"

    def isbn(self) -> str:
        """Give a valid ISBN-13, digits only."""
        digits = [9, 7, 8, *(self._random.randint(0, 9) for _ in range(9))]
        total = sum(digit * (3 if place % 2 else 1) for place, digit in enumerate(digits))
        return "".join(map(str, digits)) + str(-total % 10)

    def year(self) -> int:
        """Give a year between 1850 and 2024."""
        return self._random.randint(1850, 2024)

    def sentence(self) -> str:
        """Give a sentence of five words."""
        words = [self._random.choice(WORDS) for _ in range(4)]
        return f"{' '.join(words).capitalize()} {self.word()}."

    def book(self) -> dict[str, object]:
        """Give a book: title, author, year, pages, isbn."""
        return {
            "title": self.title(),
            "author": self.name(),
            "year": self.year(),
            "pages": self._random.randint(40, 900),
            "isbn": self.isbn(),
        }
