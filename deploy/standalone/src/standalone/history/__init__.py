"""`sidetrack import`: a club's history from what was written on Discord, brought in over the API."""
