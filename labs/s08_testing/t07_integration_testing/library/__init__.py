"""A lending library with a reading assistant; it is right, and its tests are yours."""
