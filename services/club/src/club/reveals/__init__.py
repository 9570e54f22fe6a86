"""Reveals: what was hidden and becomes visible."""
