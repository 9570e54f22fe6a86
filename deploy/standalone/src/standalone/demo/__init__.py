"""A season of an invented club, told to Sidetrack as a bot would tell it."""
