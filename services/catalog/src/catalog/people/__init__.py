"""People who write here: nothing is kept of them but who did what."""
