"""The albums that the club speaks of: a copy of what the catalogue tells of them."""
