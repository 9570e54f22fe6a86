"""What somebody likes, drawn from what they did."""
