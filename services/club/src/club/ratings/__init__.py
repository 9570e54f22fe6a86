"""Ratings: what members make of the winner."""
