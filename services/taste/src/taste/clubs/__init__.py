"""Which clubs there are, who belongs to them, and what their weeks were about."""
