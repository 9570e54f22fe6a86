"""Which artist an id means."""
