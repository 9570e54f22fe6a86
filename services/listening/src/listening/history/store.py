"""One's own listens, as they are kept."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.ids import TrackId, UserId
from listening.history.rules import NoSuchListen
from listening.models import Decision, MessyTrack, Quarantined, Sighting
from listening.plays.keys import ListenKey, listen_id
from listening.plays.rules import REACH


def _is(user_id: UserId, key: ListenKey) -> Any:
    return and_(
        Sighting.user_id == user_id,
        Sighting.listened_at == key.listened_at,
        Sighting.messy_id == key.messy_id,
        Sighting.source == key.source,
    )


async def listen(tx: AsyncSession, user_id: UserId, key: ListenKey) -> Sighting:
    """Raises NoSuchListen for what is not there, or hidden."""
    found = await tx.scalar(select(Sighting).where(_is(user_id, key), Sighting.hidden.is_(False)))
    if found is None:
        raise NoSuchListen
    return found


async def all_of_play(tx: AsyncSession, user_id: UserId, one: Sighting) -> Sequence[Any]:
    """Everything seen of the play that one listen is of, with the names that were told."""
    near = Sighting.listened_at.between(one.listened_at - 2 * REACH, one.listened_at + 2 * REACH)
    of = select(Sighting, MessyTrack.title, MessyTrack.artist, MessyTrack.album)
    named = of.join(MessyTrack, MessyTrack.id == func.coalesce(Sighting.corrected_id, Sighting.messy_id))
    theirs = named.where(Sighting.user_id == user_id, near, Sighting.play_id == one.play_id)
    in_order = theirs.where(Sighting.hidden.is_(False)).order_by(
        Sighting.link.isnot(None), Sighting.listened_at, Sighting.messy_id, Sighting.source
    )
    return (await tx.execute(in_order)).all()


def key(sighting: Sighting) -> ListenKey:
    return ListenKey(sighting.listened_at, sighting.messy_id, sighting.source)


async def decide(
    tx: AsyncSession, user_id: UserId, pairs: Iterable[tuple[ListenKey, ListenKey]], *, together: bool
) -> None:
    for one, other in pairs:
        told = {"together": together, "at": func.now()}
        row = insert(Decision).values(user_id=user_id, first=listen_id(one), second=listen_id(other), **told)
        await tx.execute(row.on_conflict_do_update(index_elements=["user_id", "first", "second"], set_=told))


async def hide(tx: AsyncSession, user_id: UserId, keys: Iterable[ListenKey]) -> None:
    """Let these be gone: kept without a word of it, so that they do not come back when they are told again."""
    blank = {"hidden": True, "raw": None, "client": None, "play_id": None, "link": None}
    for each in keys:
        await tx.execute(update(Sighting).where(_is(user_id, each)).values(**blank))


async def correct(tx: AsyncSession, user_id: UserId, keys: Iterable[ListenKey], means: TrackId) -> None:
    for each in keys:
        changed = None if each.messy_id == means else means
        await tx.execute(update(Sighting).where(_is(user_id, each)).values(corrected_id=changed))


async def doubted(tx: AsyncSession, user_id: UserId, before: UUID | None, most: int) -> Sequence[Quarantined]:
    theirs = select(Quarantined).where(Quarantined.user_id == user_id)
    older = theirs.where(Quarantined.id < before) if before else theirs
    return (await tx.scalars(older.order_by(Quarantined.id.desc()).limit(most))).all()
