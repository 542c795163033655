"""A lending library with a lock; its code is right, and its tests are yours to write."""
