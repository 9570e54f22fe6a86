"""How alike the members of clubs are: everybody and everybody, kept, and mended where somebody changed."""
