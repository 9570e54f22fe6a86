"""What members vote for."""
