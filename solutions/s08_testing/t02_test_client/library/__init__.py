"""A lending library with an assistant; its code is right, and its tests are yours to write."""
