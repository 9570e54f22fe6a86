"""Scrobblers that speak Last.fm's protocol: the applications they are, and how they sign in."""
