"""One's own listens: why they are what they are, and setting them right."""
