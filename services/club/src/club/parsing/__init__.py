"""Parsing: what people mean by the short forms they type on Discord."""
