"""The books on the shelf."""

Book = dict[str, str]

BOOKS: list[Book] = [
    {"title": "The Summer Book", "author": "Tove Jansson"},
    {"title": "Kindred", "author": "Octavia E. Butler"},
    {"title": "Invisible Cities", "author": "Italo Calvino"},
]
