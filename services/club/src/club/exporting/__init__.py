"""What the club keeps of one member, for that member."""
