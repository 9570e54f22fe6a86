"""A state: made when a browser is sent away, taken when it comes back."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.caller import Caller
from chassis.db import Transactions
from contracts.identity import Provider
from contracts.ids import UserId
from identity.credentials.secret import hash_secret, new_secret
from identity.models import OAuthState, Purpose
from identity.oauth.rules import LASTS, BadState, Declined
from identity.oauth.store import put_state, take_state


@dataclass(frozen=True)
class Begun:
    """What the provider's page is told: the state, and of the verifier only its challenge."""

    state: str = field(repr=False)
    verifier: str = field(repr=False)


async def begin(  # noqa: PLR0913 — what is to be known again
    tx: AsyncSession, provider: Provider, purpose: Purpose, *, next_: str, browser: str, user_id: UserId | None = None
) -> Begun:
    begun = Begun(new_secret(), new_secret())
    row = OAuthState(
        state_hash=hash_secret(begun.state),
        provider=provider,
        purpose=purpose,
        user_id=user_id,
        browser_hash=hash_secret(browser),
        code_verifier=begun.verifier,
        next=next_,
        expires_at=datetime.now(UTC) + LASTS,
    )
    await put_state(tx, row)
    return begun


@dataclass(frozen=True)
class Returned:
    """What a browser comes back with, and from which provider."""

    provider: Provider
    state: str | None = field(repr=False)
    code: str | None = field(repr=False)
    error: str | None
    browser: str | None = field(repr=False)


async def take(db: Transactions, returned: Returned, caller: Caller) -> tuple[OAuthState, str]:
    """What was begun, and the code to end it with.

    The state is spent, whatever becomes of it: it is committed before the provider is asked. Raises BadState when
    it is missing, unknown, used, old, of another provider, another browser, or of another member's link; Declined.
    """
    async with db.transaction() as tx:
        begun = await take_state(tx, hash_secret(returned.state)) if returned.state else None
    if begun is None or not _same(begun, returned, caller):
        raise BadState
    if returned.error is not None or not returned.code:
        raise Declined if returned.error == "access_denied" else BadState
    return begun, returned.code


def _same(begun: OAuthState, returned: Returned, caller: Caller) -> bool:
    same_browser = returned.browser is not None and begun.browser_hash == hash_secret(returned.browser)
    same_member = begun.user_id is None or caller.is_user(begun.user_id)
    return begun.provider == returned.provider and same_browser and same_member
