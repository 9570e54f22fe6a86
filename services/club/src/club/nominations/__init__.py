"""Nominations: the albums that members put up for a week."""
