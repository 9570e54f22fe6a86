"""Letting a client in, and going on with one that was let in."""

from datetime import UTC, datetime

from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.settings import Settings
from contracts.ids import UserId
from contracts.sessions import TokenPair
from identity.clients import access, rules, store
from identity.credentials.ending import sign_out
from identity.credentials.secret import hash_secret, new_secret
from identity.merging.aliases import settle
from identity.models import RefreshToken, TokenFamily


async def let_in(tx: AsyncSession, settings: Settings, user_id: UserId, name: str | None) -> TokenPair:
    family = TokenFamily(
        user_id=await settle(tx, user_id), name=name, expires_at=datetime.now(UTC) + rules.FAMILY_LASTS
    )
    tx.add(family)
    await tx.flush()
    return await _pair(tx, settings, family)


async def go_on(tx: AsyncSession, settings: Settings, refresh_token: SecretStr) -> TokenPair | None:
    """The next pair; None for a token that is not, or no longer, good. One used again ends its whole family."""
    shown = await store.take(tx, hash_secret(refresh_token.get_secret_value()))
    if shown is None or shown.family.revoked_at is not None or shown.family.expires_at <= shown.now:
        return None
    if rules.use(shown.token.used_at, shown.now) == "stolen":
        await sign_out(tx, shown.family.user_id, only=shown.family.id)
        return None
    shown.token.used_at = shown.token.used_at or shown.now
    return await _pair(tx, settings, shown.family)


async def _pair(tx: AsyncSession, settings: Settings, family: TokenFamily) -> TokenPair:
    secret = new_secret()
    tx.add(RefreshToken(secret_hash=hash_secret(secret), family_id=family.id))
    await tx.flush()
    return TokenPair(
        access_token=access.mint(settings, family.user_id, family.id),
        token_type="Bearer",  # noqa: S106 — what RFC 6750 calls it, no secret
        expires_in=int(rules.ACCESS_LASTS.total_seconds()),
        refresh_token=secret,
    )
