"""The book that everybody reads at present. Leave this file alone."""

PAGES = 320


def turn_to(page: int) -> int:
    """Give the page that was turned to.

    Raises:
        LookupError: the book has no such page.
    """
    if not 1 <= page <= PAGES:
        raise LookupError(f"the book has no page {page}")
    return page
