"""Clubs: many in one deployment, each with a time zone, rules and a roster of its own."""
