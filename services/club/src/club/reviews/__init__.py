"""Reviews: hiding them, and bringing them back."""
