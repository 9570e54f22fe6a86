"""Listens as they come in."""
