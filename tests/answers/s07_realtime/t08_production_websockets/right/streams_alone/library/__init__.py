"""Reading rooms that are served by any number of instances."""
