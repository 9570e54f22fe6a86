"""Reveals: what is secret first is announced again, once it is not."""
