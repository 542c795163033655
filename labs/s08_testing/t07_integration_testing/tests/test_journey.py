"""Tests of whole journeys: a reader comes, borrows, and asks."""

import httpx2


# region walk_through: Tests that walk through the running library, from the book to the answer.
# endregion
