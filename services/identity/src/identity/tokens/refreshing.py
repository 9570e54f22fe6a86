"""A usable access token: of those who ask at once, one refreshes it and the others get what that one got.

The refresh is asked for outside any transaction, under a lease that is taken and given back under the row's lock.
Whoever dies in between leaves a lease that ends by itself, and the old refresh token, which is then tried once more.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from uuid_utils.compat import uuid7

from chassis.db import Transactions
from chassis.failpoints import failpoint
from chassis.providers import ProviderBusy
from chassis.supervisor import finish
from contracts.accounts import UsableToken
from contracts.identity import Provider
from contracts.ids import UserId
from identity.links.linking import set_status
from identity.links.rules import NotLinked
from identity.models import LinkedAccount
from identity.providers.grants import Grant
from identity.providers.rules import GrantEnded
from identity.providers.settings import ProviderSettings
from identity.providers.spotify import Spotify
from identity.tokens.rules import NeedsRelink, RefreshUnderWay, is_usable
from identity.tokens.store import database_time, leased, lock_leased, lock_link
from identity.vault.cipher import Vault

LOOK_AGAIN, LEASE_LONGER = 0.1, 5.0
# By what name each provider's secret lies in the vault.
OPENS = {"spotify": "access_token", "lastfm": "session_key", "listenbrainz": "user_token"}


@dataclass(frozen=True)
class Claim:
    """The right to refresh one link."""

    link_id: UUID
    lease: UUID
    refresh_token: str = field(repr=False)


class Refreshing:
    def __init__(self, db: Transactions, vault: Vault, settings: ProviderSettings) -> None:
        self._db, self._vault, self._settings = db, vault, settings

    async def usable(self, user_id: UserId, provider: Provider) -> UsableToken:
        """Raises NotLinked, NeedsRelink, ProviderBusy, ProviderAway, RefreshUnderWay, VaultLocked, TokensUnreadable."""
        try:
            async with asyncio.timeout(self._settings.provider_timeout + 1):
                while (found := await self._look(user_id, provider)) is None:  # noqa: ASYNC110 — a row rings no event
                    await asyncio.sleep(LOOK_AGAIN)
        except TimeoutError as error:
            raise RefreshUnderWay from error
        if isinstance(found, UsableToken):
            return found
        # What the provider has answered is stored, though nobody may be waiting for it any more.
        return await finish(self._refresh(found))

    async def _look(self, user_id: UserId, provider: Provider) -> UsableToken | Claim | None:
        """The token, or the right to refresh it; None while somebody else has that."""
        async with self._db.transaction() as tx:
            row = await lock_link(tx, user_id, provider)
            if row is None:
                raise NotLinked
            if row.status == "needs_relink":
                raise NeedsRelink
            secrets, now = self._open(row), await database_time(tx)
            if is_usable(row.access_expires_at, now):
                return _token(row, secrets)
            if row.cooldown_until is not None and row.cooldown_until > now:
                raise ProviderBusy(max(1, int((row.cooldown_until - now).total_seconds())))
            if row.leased_until is not None and row.leased_until > now:
                return None
            lasts = 2 * self._settings.provider_timeout + LEASE_LONGER
            taken = leased(uuid7(), now, lasts)
            row.lease, row.leased_until = taken["lease"], taken["leased_until"]
            return Claim(row.id, taken["lease"], secrets.get("refresh_token", ""))

    async def _refresh(self, claim: Claim) -> UsableToken:
        try:
            grant = await self._ask(claim)
        except GrantEnded as error:
            await self._give_up(claim)
            raise NeedsRelink from error
        except ProviderBusy as busy:
            await self._give_back(claim, busy.retry_after)
            raise
        except Exception:
            await self._give_back(claim)
            raise
        failpoint("token_refreshed")
        return await self._store(claim, grant)

    async def _ask(self, claim: Claim) -> Grant:
        if not claim.refresh_token:
            raise GrantEnded
        return await Spotify(self._settings).refresh(claim.refresh_token)

    async def _store(self, claim: Claim, grant: Grant) -> UsableToken:
        async with self._db.transaction() as tx:
            row = await lock_leased(tx, claim.link_id, claim.lease)
            if row is None:
                raise NotLinked
            # Where no new refresh token came, the one before stays good.
            secrets = {"refresh_token": claim.refresh_token, **grant.secrets}
            row.encrypted_tokens = self._vault.seal(row.provider, row.provider_id, secrets)
            row.access_expires_at = grant.expires_at
            row.lease = row.leased_until = row.cooldown_until = None
            await tx.flush()
            return _token(row, secrets)

    async def _give_up(self, claim: Claim) -> None:
        async with self._db.transaction() as tx:
            if row := await lock_leased(tx, claim.link_id, claim.lease):
                await set_status(tx, row, "needs_relink", "link.ended")

    async def _give_back(self, claim: Claim, seconds: int | None = None) -> None:
        async with self._db.transaction() as tx:
            if row := await lock_leased(tx, claim.link_id, claim.lease):
                row.lease = row.leased_until = None
                if seconds is not None:
                    row.cooldown_until = await database_time(tx) + timedelta(seconds=seconds)

    def _open(self, row: LinkedAccount) -> dict[str, str]:
        return self._vault.open(row.provider, row.provider_id, row.encrypted_tokens or b"")


def _token(row: LinkedAccount, secrets: dict[str, str]) -> UsableToken:
    return UsableToken(
        provider=row.provider,
        account=row.provider_id,
        access_token=secrets[OPENS[row.provider]],
        scopes=row.scopes,
        expires_at=row.access_expires_at,
    )
