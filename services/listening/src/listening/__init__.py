"""What members listen to."""
