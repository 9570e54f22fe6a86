"""What `make measure` measures."""
