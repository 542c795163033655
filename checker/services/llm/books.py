"""What the model knows: the books of the library."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Book:
    """One book, as the model tells of it."""

    title: str
    author: str
    year: int
    shelf: str
    about: str

    def tell(self) -> str:
        """Say what the library knows of it."""
        return (
            f"{self.title} by {self.author} ({self.year}) stands on shelf {self.shelf}. "
            f"{self.about}"
        )


BOOKS = (
    Book("Frankenstein", "Mary Shelley", 1818, "S1", "A student makes a being and flees from it."),
    Book("Emma", "Jane Austen", 1815, "A1", "A matchmaker misreads every heart, her own included."),
    Book("Middlemarch", "George Eliot", 1871, "E2", "A town full of people marries and learns."),
    Book("Dracula", "Bram Stoker", 1897, "S2", "Letters and diaries follow a vampire to England."),
    Book("Walden", "Henry David Thoreau", 1854, "T1", "A man lives alone by a pond and writes."),
    Book("Ulysses", "James Joyce", 1922, "J1", "One day in Dublin, told in eighteen voices."),
    Book("Orlando", "Virginia Woolf", 1928, "W1", "A poet lives for centuries and changes sex."),
    Book("Kindred", "Octavia Butler", 1979, "B1", "A writer is pulled back in time to slavery."),
    Book("Dune", "Frank Herbert", 1965, "H1", "A desert planet holds the spice that all want."),
    Book("Solaris", "Stanislaw Lem", 1961, "L1", "An ocean on a far planet answers with memories."),
    Book("Beloved", "Toni Morrison", 1987, "M1", "A mother is haunted by the child she lost."),
    Book("Persepolis", "Marjane Satrapi", 2000, "P1", "A girl grows up in Iran, drawn in ink."),
)
