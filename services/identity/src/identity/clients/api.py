"""Tokens for programs that act as the person who signed in with them."""

from typing import Annotated

from fastapi import Depends, Request

from chassis.db import Tx
from chassis.http import private_router
from chassis.tokens import SignedCaller
from contracts.ids import UserId
from contracts.sessions import TokenGrant, TokenPair
from identity.clients.grants import go_on, let_in
from identity.clients.rules import BadGrant, IncompleteGrant
from identity.logins.verified import verified

router = private_router(prefix="/auth", tags=["sessions"])


async def _whose(request: Request, _: SignedCaller, grant: TokenGrant) -> UserId | None:
    """Whose password it is; None where none is brought."""
    if grant.grant_type == "password":
        if grant.handle is None or grant.password is None or grant.refresh_token is not None:
            raise IncompleteGrant
        return await verified(request, grant.handle, grant.password.get_secret_value())
    if grant.refresh_token is None or grant.handle is not None or grant.password is not None:
        raise IncompleteGrant
    return None


async def _gone_on(
    request: Request, grant: TokenGrant, user_id: Annotated[UserId | None, Depends(_whose)]
) -> TokenPair | None:
    """A transaction of its own: that a stolen token ended its family stays so although the request is refused."""
    if user_id is not None or grant.refresh_token is None:
        return None
    async with request.app.state.db.transaction() as tx:
        return await go_on(tx, request.app.state.settings, grant.refresh_token)


@router.post("/token")
async def grant_token(
    request: Request,
    grant: TokenGrant,
    user_id: Annotated[UserId | None, Depends(_whose)],
    next_pair: Annotated[TokenPair | None, Depends(_gone_on)],
    tx: Tx,
) -> TokenPair:
    """A short access token and a refresh token, which is used once: used again later, it ends what came of it."""
    if user_id is not None:
        return await let_in(tx, request.app.state.settings, user_id, grant.client_name)
    if next_pair is None:
        raise BadGrant
    return next_pair
