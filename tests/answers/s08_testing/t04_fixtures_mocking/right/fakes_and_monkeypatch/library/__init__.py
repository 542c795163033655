"""A lending library with a reading assistant; its code is right, and its tests are yours."""
