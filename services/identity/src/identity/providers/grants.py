"""What a provider gives: tokens, and the account they belong to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from contracts.identity import Provider


@dataclass(frozen=True)
class Grant:
    """`secrets` go into the vault and nowhere else. `expires_in` is of the access token, null where it has no end."""

    secrets: Mapping[str, str] = field(repr=False)
    scopes: tuple[str, ...] = ()
    expires_in: int | None = None

    @property
    def expires_at(self) -> datetime | None:
        return None if self.expires_in is None else datetime.now(UTC) + timedelta(seconds=self.expires_in)


@dataclass(frozen=True)
class Account:
    """Somebody elsewhere: `id` is what the provider never changes, `profile` what it shows of them."""

    provider: Provider
    id: str
    profile: Mapping[str, Any] = field(default_factory=dict)


def named_account(provider: Provider, name: str) -> Account:
    """One that is known by its name, which is the same whatever its capitals."""
    return Account(provider, name.lower())
