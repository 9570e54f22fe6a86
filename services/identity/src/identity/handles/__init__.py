"""Handles: the names people are addressed by."""
