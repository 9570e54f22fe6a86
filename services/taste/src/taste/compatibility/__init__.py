"""How alike two people's tastes are, and why."""
