"""Messages on Discord: when one is gone so is what it said, and what a bot has missed is made up for."""
