"""Sessions in PostgreSQL, known again by the hash of their secret."""

from collections.abc import Sequence

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.ids import UserId
from identity.models import Session
from identity.sessions.rules import IDLE, SEEN_EVERY

_STANDS = (
    Session.revoked_at.is_(None),
    Session.expires_at > func.clock_timestamp(),
    Session.seen_at > func.clock_timestamp() - IDLE,
)


async def by_secret(tx: AsyncSession, secret_hash: bytes) -> Session | None:
    """The session, if it is in force."""
    return await tx.scalar(select(Session).where(Session.secret_hash == secret_hash, *_STANDS))


async def of_user(tx: AsyncSession, user_id: UserId) -> Sequence[Session]:
    """Those in force, newest first."""
    theirs = select(Session).where(Session.user_id == user_id, *_STANDS)
    return (await tx.scalars(theirs.order_by(Session.id.desc()))).all()


async def note_seen(tx: AsyncSession, session: Session) -> None:
    now = func.clock_timestamp()
    lately = Session.seen_at > now - SEEN_EVERY
    seen = update(Session).where(Session.id == session.id, ~lately).values(seen_at=now)
    await tx.execute(seen.execution_options(synchronize_session=False))
