"""A stub: its room writes it."""
