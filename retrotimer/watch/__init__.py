"""A workout that another program runs, read-only."""
