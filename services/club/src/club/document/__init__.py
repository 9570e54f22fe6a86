"""The document: a whole week in one answer."""
