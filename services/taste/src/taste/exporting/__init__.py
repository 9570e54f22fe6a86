"""What taste keeps of one person, for that person."""
