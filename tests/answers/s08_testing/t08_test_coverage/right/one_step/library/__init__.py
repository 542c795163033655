"""A lending library with a reading assistant; its code is right, its tests are not complete."""
