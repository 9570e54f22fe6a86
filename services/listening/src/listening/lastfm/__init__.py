"""Last.fm's Audioscrobbler 2.0, as its clients speak it: https://www.last.fm/api/scrobbling."""
