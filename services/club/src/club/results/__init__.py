"""How a poll ends: counted once, in a total order, and final."""
