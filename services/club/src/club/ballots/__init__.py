"""Whole ballots: what a member chose, and who may see it."""
