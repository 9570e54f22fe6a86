"""Ending what somebody is signed in with, here or anywhere."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, update
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.caller import Caller
from contracts.ids import UserId
from identity.credentials.revoking import announce_revoked
from identity.models import Session, TokenFamily

# A browser, and a program that was let in, by the word that names a credential of theirs.
SIGNED_IN: dict[str, type[Any]] = {"session": Session, "client": TokenFamily}


async def sign_out(
    tx: AsyncSession, user_id: UserId, *, only: UUID | None = None, but: UUID | None = None
) -> list[UUID]:
    """End one, or all but one, of a user's browsers and programs, and tell every gateway; which."""
    ended = []
    for kind, table in SIGNED_IN.items():
        which = [table.user_id == user_id, table.revoked_at.is_(None)]
        which += [] if only is None else [table.id == only]
        which += [] if but is None else [table.id != but]
        end = update(table).where(*which).values(revoked_at=func.clock_timestamp()).returning(table.id)
        for one in await tx.scalars(end.execution_options(synchronize_session=False)):
            await announce_revoked(tx, credential=f"{kind}:{one}", user_id=user_id)
            ended.append(one)
    return ended


def shown_as(kind: str, caller: Caller) -> UUID | None:
    """The id of the session, or of the client, that the caller shows; None where they show another credential."""
    shown, _, name = (caller.credential or "").partition(":")
    return UUID(name) if shown == kind else None


def shown_by(caller: Caller) -> UUID | None:
    """The id of what they are signed in with, a browser or a program."""
    return shown_as("session", caller) or shown_as("client", caller)
