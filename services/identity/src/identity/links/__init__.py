"""Accounts elsewhere, each linked to one person."""
