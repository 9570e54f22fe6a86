"""Whether the club has had an album before."""
