"""Changing a rating: each state it had is kept beside it, announced, and told to the audit."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.db import first_version, next_version
from chassis.outbox import publish
from club.audit.record import record
from club.models import Rating, RatingState, Week
from club.ratings.store import told
from contracts.ids import UserId

KEPT = ("album_id", "half_steps", "favorite_track", "review", "late", "ref")


async def take(tx: AsyncSession, week: Week, user_id: UserId) -> Rating | None:
    """The member's rating in the week, withdrawn or not; nobody else can change it until `tx` ends."""
    theirs = select(Rating).where(Rating.week_id == week.id, Rating.user_id == user_id)
    return await tx.scalar(theirs.with_for_update().execution_options(populate_existing=True))


async def begin(tx: AsyncSession, week: Week, user_id: UserId, first: Mapping[str, Any]) -> Rating | None:
    """The member's rating in the week, new; None where there is one, which is then there to be taken."""
    row = insert(Rating).values(week_id=week.id, user_id=user_id, version=first_version(), **first)
    rating = await tx.scalar(row.on_conflict_do_nothing(index_elements=["week_id", "user_id"]).returning(Rating))
    if rating is not None:
        await _remember(tx, rating)
        await record(tx, "rating.given", rating.id, week.club_id, after=_told(rating))
    return rating


async def change(tx: AsyncSession, week: Week, rating: Rating, changes: Mapping[str, Any]) -> None:
    """Let a rating that is taken be so from now on."""
    before = _told(rating)
    for name, value in changes.items():
        setattr(rating, name, value)
    # Not when `tx` began, which may have waited: states follow each other.
    rating.updated_at = func.clock_timestamp()
    await raise_version(tx, rating)
    await _remember(tx, rating)
    action = "rating.withdrawn" if rating.withdrawn_at else "rating.changed"
    await record(tx, action, rating.id, week.club_id, before=before, after=_told(rating))


async def raise_version(tx: AsyncSession, rating: Rating) -> None:
    rating.version = next_version(Rating.__table__.c.version)
    await tx.flush()
    await tx.refresh(rating)


async def _remember(tx: AsyncSession, rating: Rating) -> None:
    whose = {"rating_id": rating.id, "version": rating.version, "at": rating.updated_at}
    await tx.execute(insert(RatingState).values(**whose, **_state(rating)))
    await publish(tx, told(rating))


def _state(rating: Rating) -> dict[str, Any]:
    return {name: getattr(rating, name) for name in KEPT} | {"withdrawn": rating.withdrawn_at is not None}


def _told(rating: Rating) -> dict[str, Any]:
    """The state as people speak of it."""
    state = _state(rating)
    return {"user_id": rating.user_id, "rating": state.pop("half_steps") / 2, **state}
