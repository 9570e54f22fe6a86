"""A club taken along: all that is its own as one document, and that document made a club again."""
