"""Deleting oneself, and being deleted by an admin when one cannot sign in."""

from typing import Annotated

from fastapi import Query, Request, Response, status

from chassis.caller import Caller, signed_in
from chassis.http import router as make_router
from chassis.tokens import SignedCaller
from contracts.ids import UserId
from contracts.text import Reason
from identity.credentials.ending import shown_as
from identity.leaving import rules, store
from identity.leaving.leave import leave
from identity.sessions.cookies import take_cookie

router = make_router(tags=["users"])


@router.delete("/users/me", status_code=status.HTTP_204_NO_CONTENT)
async def delete_oneself(caller: SignedCaller, request: Request, response: Response) -> None:
    """Leave for ever: you are signed out everywhere, and nothing of yours stays but what was counted, as nobody's.

    Only in a browser that was signed in within the last ten minutes.
    """
    own = signed_in(caller)
    take_cookie(request, response)
    await _delete(request, own, caller)


@router.delete("/admin/users/{user_id}", status_code=status.HTTP_204_NO_CONTENT)
async def delete_person(
    user_id: UserId, caller: SignedCaller, request: Request, reason: Annotated[Reason | None, Query()] = None
) -> None:
    """Delete somebody who asks for it and never signs in, as they would themself; again, it changes nothing."""
    rules.check_admin(caller)
    await _delete(request, user_id, caller, reason)


async def _delete(request: Request, user_id: UserId, caller: Caller, reason: str | None = None) -> None:
    """Its own transaction: that of a request holds who is asking, so that they cannot leave."""
    async with request.app.state.db.transaction() as tx:
        if caller.is_user(user_id):
            rules.check_fresh(*await store.begun_at(tx, shown_as("session", caller)))
        await leave(tx, user_id, caller, reason)
