"""The club's memory: statistics of its weeks, and what each member has done in them."""
