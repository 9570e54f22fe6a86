"""Bars: what somebody may no longer do in a club."""
