"""Plays: what happened, made of what sources saw."""
