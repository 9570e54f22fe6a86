"""People who turned out to be one: merged for ever, the other id an alias."""
