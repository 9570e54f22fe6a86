"""The people who listen."""
