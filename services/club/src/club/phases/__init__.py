"""Phases: what a week takes and when, how it moves on, and what is due."""
