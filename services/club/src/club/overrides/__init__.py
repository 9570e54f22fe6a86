"""Overrides: what an admin sets beside a result, which stays as it is."""
