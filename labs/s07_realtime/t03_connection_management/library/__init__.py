"""The library's live line: readers whose devices stay connected."""
