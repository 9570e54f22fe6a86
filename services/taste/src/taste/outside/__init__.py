"""Profiles that workers outside draw."""
