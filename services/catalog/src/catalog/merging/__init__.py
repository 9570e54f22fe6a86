"""Albums, and artists, that turned out to be one: the other id means the survivor, until that is undone."""
