"""Signing in with handle and password, and how often it may be tried."""
