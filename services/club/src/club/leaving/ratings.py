"""Ratings of who has left: what an average holds stays in it, without words."""

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, cast, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.outbox import publish
from club.leaving.rules import rating_stays
from club.merging.ratings import move
from club.models import DiaryEntry, Rating, Week
from club.phases.store import current_phase
from club.ratings.history import raise_version
from club.ratings.store import told
from contracts.ids import UserId, WeekId


async def leave_ratings(
    tx: AsyncSession, leaver: UserId, former: UserId, weeks: Mapping[WeekId, Week]
) -> dict[str, list[UUID]]:
    """In weeks that are taken; which stay, and which are removed."""
    kept: list[Rating] = []
    removed: list[Rating] = []
    for rating in await _taken(tx, leaver):
        phase = await current_phase(tx, weeks[rating.week_id])
        (kept if rating_stays(phase, withdrawn=rating.withdrawn_at is not None) else removed).append(rating)
    await _forget_words(tx, leaver, kept, removed)
    for rating in kept:
        await move(tx, rating, former)
    for rating in removed:
        await _remove(tx, rating)
    return {"kept": [rating.id for rating in kept], "removed": [rating.id for rating in removed]}


async def _taken(tx: AsyncSession, leaver: UserId) -> Collection[Rating]:
    """In one order, as whoever reveals or moderates several takes them."""
    theirs = select(Rating).where(Rating.user_id == leaver).order_by(Rating.id).with_for_update()
    return (await tx.scalars(theirs.execution_options(populate_existing=True))).all()


async def _forget_words(
    tx: AsyncSession, leaver: UserId, kept: Collection[Rating], removed: Collection[Rating]
) -> None:
    for rating in kept:
        rating.favorite_track = rating.review = rating.ref = None
        rating.review_hidden_at = rating.review_hidden_reason = None
    ids = [rating.id for rating in (*kept, *removed)]
    await tx.execute(delete(DiaryEntry).where(DiaryEntry.rating_id.in_(ids)))
    gone = [rating.id for rating in removed]
    await tx.execute(select(func.forget_rating_states(cast([leaver], ARRAY(Uuid)), cast(gone, ARRAY(Uuid)))))


async def _remove(tx: AsyncSession, rating: Rating) -> None:
    """Its history is gone by now."""
    if rating.withdrawn_at is None:
        rating.withdrawn_at = func.clock_timestamp()
        rating.favorite_track = rating.review = None
        await raise_version(tx, rating)
        await publish(tx, told(rating))
    await tx.delete(rating)
    await tx.flush()
