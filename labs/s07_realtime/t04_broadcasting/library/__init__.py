"""The library's reading rooms: what is said in one is heard by all who are in it."""
