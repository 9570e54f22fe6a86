"""Profiles: what people say of themselves, and how they are found."""
