"""Beginning and ending a session."""

from datetime import UTC, datetime

from fastapi import Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.caller import Caller
from contracts.ids import UserId
from contracts.sessions import SignInMethod
from identity.credentials.ending import shown_as, sign_out
from identity.credentials.secret import hash_secret, new_secret
from identity.merging.aliases import settle
from identity.models import Session
from identity.sessions.cookies import address_of, agent_of, put_cookie
from identity.sessions.rules import LONGEST


async def begin_session(
    tx: AsyncSession, response: Response, request: Request, user_id: UserId, method: SignInMethod
) -> Session:
    """A session with a secret of its own, whatever the browser has shown; the cookie goes with the response."""
    secret = new_secret()
    session = Session(
        secret_hash=hash_secret(secret),
        user_id=await settle(tx, user_id),
        method=method,
        user_agent=agent_of(request),
        address=address_of(request),
        expires_at=datetime.now(UTC) + LONGEST,
    )
    tx.add(session)
    await tx.flush()
    await tx.refresh(session)
    put_cookie(request, response, secret)
    return session


async def end_session(tx: AsyncSession, caller: Caller) -> None:
    """Of the session that the caller shows, if they show one, nothing is left."""
    session_id = shown_as("session", caller)
    if session_id is not None and caller.user_id is not None:
        await sign_out(tx, caller.user_id, only=session_id)
