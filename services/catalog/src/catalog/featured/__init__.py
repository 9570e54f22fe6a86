"""Where albums were featured: the weeks they won, in every club of this deployment."""
