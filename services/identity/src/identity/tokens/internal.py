"""Provider tokens for workers and services."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request, Response

from chassis.db import Tx
from chassis.tokens import SignedCaller
from contracts.accounts import UsableToken
from contracts.ids import UserId
from identity.journal import journal
from identity.links.rules import NotLinked
from identity.oauth.browser import NO_STORE
from identity.providers.settings import ProviderSettings
from identity.tokens.refreshing import Refreshing
from identity.tokens.rules import check_may_use_tokens
from identity.tokens.store import still_there
from identity.vault.cipher import vault_at_hand

# Not the chassis's router: for an Idempotency-Key it would keep the answer, and with it the token in the open.
router = APIRouter(prefix="/internal/users", tags=["internal"])

Readable = Literal["spotify", "lastfm", "listenbrainz"]


async def _permitted(caller: SignedCaller) -> None:
    check_may_use_tokens(caller)


async def _usable(
    user_id: UserId, provider: Readable, _: Annotated[None, Depends(_permitted)], request: Request
) -> UsableToken:
    refreshing = Refreshing(request.app.state.db, vault_at_hand(), ProviderSettings())
    return await refreshing.usable(user_id, provider)


@router.post("/{user_id}/tokens/{provider}")
async def use_token(
    user_id: UserId, provider: Readable, token: Annotated[UsableToken, Depends(_usable)], tx: Tx, response: Response
) -> UsableToken:
    """What to speak to the provider with as this member, good for another minute at least. Each use is audited."""
    response.headers.update(NO_STORE)
    if not await still_there(tx, user_id):
        raise NotLinked
    await journal.record(tx, "token.used", user_id, None, {"provider": provider, "account": token.account})
    return token
