"""All that is kept of a person, gathered for them."""
