"""How members rate."""
