"""Programs that somebody let in to act as themself: short access tokens, and refresh tokens that rotate."""
