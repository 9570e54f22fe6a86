"""Who of the people is whom."""
