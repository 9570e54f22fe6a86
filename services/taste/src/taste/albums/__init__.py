"""Which album an id means."""
