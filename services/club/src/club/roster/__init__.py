"""The roster: who belongs to a club, and who hosts it."""
