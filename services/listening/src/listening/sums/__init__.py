"""Sums of plays, kept with them."""
