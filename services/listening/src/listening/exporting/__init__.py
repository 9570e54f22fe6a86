"""What listening keeps of one person, for that person."""
