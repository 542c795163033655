"""A lending library; its code is right, and its tests are yours to write."""
