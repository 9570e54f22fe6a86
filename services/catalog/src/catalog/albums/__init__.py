"""Albums: described by many, kept once."""
