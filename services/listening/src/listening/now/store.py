"""Where it is kept what somebody listens to just now; it ends by itself, and when it is told as a listen."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import ARRAY, Row, Uuid, bindparam, delete, func, or_, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.ids import TrackId, UserId
from listening.ingest.rules import Heard
from listening.ingest.take import meet
from listening.locks import be_alone_with
from listening.models import MessyTrack, NowPlaying
from listening.names.store import Said

# A track whose length nobody tells.
USUAL = timedelta(minutes=10)
# Of whoever they are now.
_END = text("""
    DELETE FROM now_playing WHERE messy_id = ANY(:played)
        AND user_id = coalesce((SELECT survivor_id FROM user_aliases WHERE old_id = :user), :user)
""").bindparams(bindparam("user", type_=Uuid), bindparam("played", type_=ARRAY(Uuid)))
CHANGES = ("messy_id", "source", "client", "said", "started_at", "expires_at")


async def begin(  # noqa: PLR0913 — what is known of it, each by name
    tx: AsyncSession,
    user_id: UserId,
    said: Said,
    *,
    source: str,
    client: str | None = None,
    raw: Mapping[str, Any] | None = None,
) -> None:
    """Let them listen to it for as long as it takes; to what they listen to already, they go on listening."""
    who = await be_alone_with(tx, [user_id])
    if user_id not in who:
        return
    await meet(tx, {said.id: said})
    now, lasts = func.clock_timestamp(), timedelta(milliseconds=said.duration_ms) if said.duration_ms else USUAL
    told = {"messy_id": said.id, "source": source, "client": client, "said": raw}
    row = insert(NowPlaying).values(user_id=who[user_id], started_at=now, expires_at=now + lasts, **told)
    another = or_(NowPlaying.messy_id != row.excluded.messy_id, NowPlaying.expires_at <= now)
    instead = {name: row.excluded[name] for name in CHANGES}
    await tx.execute(row.on_conflict_do_update(index_elements=[NowPlaying.user_id], set_=instead, where=another))


async def end(tx: AsyncSession, user_id: UserId, played: Collection[TrackId] | None = None) -> None:
    """They do not listen any more: to anything, or to any of `played`."""
    who = await be_alone_with(tx, [user_id])
    theirs = delete(NowPlaying).where(NowPlaying.user_id == who.get(user_id, user_id))
    if played is not None:
        theirs = theirs.where(NowPlaying.messy_id.in_(played))
    await tx.execute(theirs.execution_options(synchronize_session=False))


async def end_with(tx: AsyncSession, heard: Collection[Heard]) -> None:
    """What one person was just listening to is told as a listen; whoever took it in is alone with them."""
    for user_id in {each.user_id for each in heard}:
        told = {"user": user_id, "played": [each.messy_id for each in heard if each.user_id == user_id]}
        await tx.execute(_END, told)


async def current(tx: AsyncSession, user_id: UserId) -> Row[Any] | None:
    """What they listen to at this moment, with its names."""
    named = select(*NowPlaying.__table__.c, MessyTrack.artist, MessyTrack.title, MessyTrack.album)
    playing = named.add_columns(MessyTrack.duration_ms).join(MessyTrack, MessyTrack.id == NowPlaying.messy_id)
    still = playing.where(NowPlaying.user_id == user_id, NowPlaying.expires_at > func.clock_timestamp())
    return (await tx.execute(still)).first()
