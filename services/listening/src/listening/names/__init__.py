"""Names of tracks, albums and artists, and which the catalogue says they are."""
