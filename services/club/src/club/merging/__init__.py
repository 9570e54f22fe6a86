"""People who turned out to be one: what both did in the club becomes one member's."""
