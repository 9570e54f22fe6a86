"""Votes: a first and a second choice a member and week, together a ballot."""
