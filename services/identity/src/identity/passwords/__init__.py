"""Passwords of those who sign in here."""
