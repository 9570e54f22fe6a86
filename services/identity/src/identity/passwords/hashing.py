"""Argon2id, as RFC 9106 recommends it where memory is scarce: three passes over 64 MiB."""

import asyncio
import secrets

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

PASSES, MEMORY_KIB, LANES = 3, 64 * 1024, 1
SALT, LENGTH = 16, 32
# Each takes its memory and a core for as long as it lasts: who comes in a crowd waits.
AT_ONCE = 2

_turn = asyncio.Semaphore(AT_ONCE)


def hashed(password: str) -> str:
    """In the PHC string format, which holds salt and parameters."""
    hashing = Argon2id(
        salt=secrets.token_bytes(SALT), length=LENGTH, iterations=PASSES, lanes=LANES, memory_cost=MEMORY_KIB
    )
    return hashing.derive_phc_encoded(password.encode())


def fits(password: str, phc: str) -> bool:
    try:
        Argon2id.verify_phc_encoded(password.encode(), phc)
    except InvalidKey:
        return False
    return True


def _fits_nobody(password: str) -> bool:
    """Takes as long as comparing does: who guesses handles cannot tell by the time that nobody is there."""
    hashed(password)
    return False


async def hash_apart(password: str) -> str:
    """In a thread, so that nobody else waits."""
    async with _turn:
        return await asyncio.to_thread(hashed, password)


async def fits_apart(password: str, phc: str | None) -> bool:
    """The same; None is the hash of somebody who has no password, or is not there."""
    async with _turn:
        if phc is None:
            return await asyncio.to_thread(_fits_nobody, password)
        return await asyncio.to_thread(fits, password, phc)
