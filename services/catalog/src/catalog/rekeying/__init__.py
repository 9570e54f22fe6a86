"""Names folded anew, once the matching has a newer version."""
