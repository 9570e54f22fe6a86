"""The places where people have accounts, as HTTP servers of our own on 127.0.0.1: they answer as those do, and fail."""
