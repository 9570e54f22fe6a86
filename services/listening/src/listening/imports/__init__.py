"""Listens out of files that people have of themselves."""
