"""The one public door: who is asking, which service answers, and nothing in between."""
