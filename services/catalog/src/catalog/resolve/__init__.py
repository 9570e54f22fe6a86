"""Resolving: which known album is meant by what somebody typed, how surely, and why."""
