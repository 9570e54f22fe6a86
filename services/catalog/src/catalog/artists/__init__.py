"""Artists: who is credited."""
