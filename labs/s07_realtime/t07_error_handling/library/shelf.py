"""The library's books, with a mistake that nobody has found yet. Leave this file alone."""

PAGES = {"Austen": [474, 249], "Melville": [635], "Shelley": [280]}


def average_pages(author: str) -> int:
    """Give the pages of an author's books, on average."""
    pages = PAGES.get(author, [])
    return sum(pages) // len(pages)
