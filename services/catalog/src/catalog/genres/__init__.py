"""Genres: how they descend from each other, and what mood each is estimated to have."""
