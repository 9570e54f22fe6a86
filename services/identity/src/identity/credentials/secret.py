"""Secrets: random, shown once, and known again by a hash."""

import hashlib
import secrets

# As URL-safe text these are 43 characters, which is also what RFC 7636 asks of a code verifier.
BYTES = 32


def new_secret() -> str:
    """256 random bits."""
    return secrets.token_urlsafe(BYTES)


def hash_secret(secret: str) -> bytes:
    # One round is enough: a secret is random and long, so there is no dictionary to try.
    return hashlib.sha256(secret.encode(errors="replace")).digest()
