"""Leaving for ever."""
