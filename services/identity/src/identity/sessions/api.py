"""Who this browser is signed in as, and where else one is."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request, Response, status

from chassis.caller import Caller, signed_in
from chassis.db import Read, Tx
from chassis.http import private_router
from chassis.tokens import SignedCaller
from contracts import identity as contract
from contracts.ids import UserId
from contracts.sessions import SessionList, SessionShown, SignedIn
from identity.clients import store as clients
from identity.credentials.ending import shown_as, shown_by, sign_out
from identity.models import Session
from identity.sessions import store
from identity.sessions.begin import end_session
from identity.sessions.cookies import take_cookie
from identity.sessions.rules import NoSuchSession, OnlyPeople, ends
from identity.users.store import user_by_id

router = private_router(tags=["sessions"])


async def _signed_in(caller: SignedCaller) -> UserId:
    return signed_in(caller, OnlyPeople)


Oneself = Annotated[UserId, Depends(_signed_in)]


@router.get("/auth/session")
async def read_session(caller: SignedCaller, tx: Read) -> SignedIn:
    """Who this browser is signed in as: never a refusal, also for nobody."""
    user = await user_by_id(tx, caller.user_id) if caller.user_id else None
    if user is None:
        return SignedIn(signed_in=False)
    session_id = shown_as("session", caller)
    session = await tx.get(Session, session_id) if session_id else None
    return SignedIn(
        signed_in=True,
        user=contract.User.model_validate(user),
        method=session.method if session else None,
        expires_at=ends(session.seen_at, session.expires_at) if session else None,
    )


@router.post("/auth/logout", status_code=status.HTTP_204_NO_CONTENT)
async def log_out(caller: SignedCaller, request: Request, response: Response, tx: Tx) -> None:
    """End this session here and in the browser; for who has none there is nothing to end."""
    await end_session(tx, caller)
    take_cookie(request, response)


@router.get("/users/me/sessions")
async def list_sessions(user_id: Oneself, caller: SignedCaller, tx: Read) -> SessionList:
    """The browsers and API clients that are signed in as oneself, newest first."""
    browsers = [_browser(each, caller) for each in await store.of_user(tx, user_id)]
    programs = [
        SessionShown(
            id=each.id,
            kind="client",
            name=each.name,
            created_at=each.created_at,
            expires_at=each.expires_at,
            current=shown_by(caller) == each.id,
        )
        for each in await clients.of_user(tx, user_id)
    ]
    return SessionList(items=sorted(browsers + programs, key=lambda each: each.created_at, reverse=True))


def _browser(session: Session, caller: Caller) -> SessionShown:
    return SessionShown(
        id=session.id,
        kind="browser",
        method=session.method,
        user_agent=session.user_agent,
        address=session.address,
        created_at=session.created_at,
        seen_at=session.seen_at,
        expires_at=ends(session.seen_at, session.expires_at),
        current=shown_by(caller) == session.id,
    )


@router.delete("/users/me/sessions/{session_id}", status_code=status.HTTP_204_NO_CONTENT)
async def revoke_session(session_id: UUID, user_id: Oneself, tx: Tx) -> None:
    """Sign out one browser or client of one's own, wherever it is."""
    if not await sign_out(tx, user_id, only=session_id):
        raise NoSuchSession


@router.delete("/users/me/sessions", status_code=status.HTTP_204_NO_CONTENT)
async def revoke_other_sessions(user_id: Oneself, caller: SignedCaller, tx: Tx) -> None:
    """Sign out everywhere but here."""
    await sign_out(tx, user_id, but=shown_by(caller))
