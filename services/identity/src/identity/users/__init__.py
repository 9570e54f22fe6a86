"""People, as Discord shows them and as everyone may see them."""
