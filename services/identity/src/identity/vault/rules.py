"""What a vault key looks like, and how the vault refuses. No I/O here."""

import base64
import binascii
import re
from collections.abc import Mapping

from chassis.errors import Conflict, Unavailable

ID_LENGTH, KEY_LENGTH = 8, 32
_ID = re.compile(r"[a-z0-9]{8}")
FORM = "<8 of a-z 0-9>:<32 bytes in base64>, several divided by commas, the current one first"


class VaultLocked(Unavailable):
    sentence = (
        "The vault for provider tokens cannot be opened right now; whoever runs Sidetrack has to look at its keys."
    )


class TokensUnreadable(Conflict):
    sentence = "What is stored of this account cannot be read; please link it again."


class BadVaultKeys(ValueError):
    """What is given are no vault keys."""


def read_keys(text: str) -> Mapping[str, bytes]:
    """The keys by id, the current one first. Raises BadVaultKeys, which quotes nothing of what was given."""
    keys: dict[str, bytes] = {}
    for each in filter(None, (part.strip() for part in text.split(","))):
        name, _, encoded = each.partition(":")
        key = _decoded(encoded)
        if not _ID.fullmatch(name) or key is None or len(key) != KEY_LENGTH or name in keys:
            raise BadVaultKeys(f"SIDETRACK_VAULT_KEYS is not a list of vault keys: {FORM}.")
        keys[name] = key
    return keys


def _decoded(encoded: str) -> bytes | None:
    try:
        return base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return None
