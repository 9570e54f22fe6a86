"""Weeks: their numbers, labels, dates, and where they stand on Discord."""
