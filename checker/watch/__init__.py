"""The watch loop: a save is seen, its topic judged, the verdict shown."""
