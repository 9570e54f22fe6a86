"""Finding music by a few of its letters."""
