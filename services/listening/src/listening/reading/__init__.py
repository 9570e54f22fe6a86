"""What somebody played, read from the sums that are kept of it."""
