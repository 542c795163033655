"""A lending library on a database; its code is right, and its tests are yours to write."""
