"""What somebody listens to just now."""
