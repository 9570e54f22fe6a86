"""Ratings in PostgreSQL: those of an album that is no longer the winner are kept, but neither listed nor counted."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVarTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, func, null, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from chassis.db import first_version, next_version
from club.models import Rating, Week
from club.ratings.rules import summarise, truncated
from contracts.identity import Person
from contracts.ids import UserId, WeekId
from contracts.ratings import GivenRating, RatingGiven, RatingSummary

R = TypeVarTuple("R")
OPTIONAL = ("favorite_track", "review")


async def keep_rating(
    tx: AsyncSession, week: Week, user_id: UserId, said: Mapping[str, Any]
) -> tuple[Rating | None, bool]:
    """Give or change a member's rating of the week's winner in one statement.

    `said` has half_steps, whether it is late, and of the optional fields those that change. None when it already stood
    like this; the flag tells whether it is the member's first in this week.
    """
    mine, kept = uuid7(), Rating.__table__.c
    row = insert(Rating).values(
        id=mine, week_id=week.id, user_id=user_id, album_id=week.winner_album_id, version=first_version(), **said
    )
    then: dict[str, ColumnElement[Any]] = {"album_id": row.excluded.album_id, "half_steps": row.excluded.half_steps}
    for name in OPTIONAL:
        # What was said of another album does not speak of this one.
        left = case((kept.album_id == row.excluded.album_id, kept[name]), else_=null())
        then[name] = row.excluded[name] if name in said else left
    differs = tuple_(*(kept[name] for name in then)).is_distinct_from(tuple_(*then.values()))
    given = row.on_conflict_do_update(
        index_elements=["week_id", "user_id"],
        set_={**then, "late": row.excluded.late, "version": next_version(kept.version), "updated_at": func.now()},
        where=differs,
    )
    rating = await tx.scalar(given.returning(Rating))
    return rating, rating is not None and rating.id == mine


async def standing(tx: AsyncSession, week_id: WeekId, user_id: UserId) -> RatingGiven | None:
    """The member's rating as it was announced last, if there is one."""
    rating = await tx.scalar(select(Rating).where(Rating.week_id == week_id, Rating.user_id == user_id))
    return told(rating) if rating else None


async def rating_of(tx: AsyncSession, week_id: WeekId, user_id: UserId) -> Rating:
    return (await tx.scalars(select(Rating).where(Rating.week_id == week_id, Rating.user_id == user_id))).one()


async def page(tx: AsyncSession, week_id: WeekId, before: UUID | None, limit: int) -> Sequence[Rating]:
    """Newest first, from the one after `before` on; one more than `limit`, if there are more."""
    ratings = _of_the_winner(select(Rating), week_id).order_by(Rating.id.desc()).limit(limit + 1)
    if before is not None:
        ratings = ratings.where(Rating.id < before)
    return (await tx.scalars(ratings)).all()


async def summary(tx: AsyncSession, week_id: WeekId) -> RatingSummary:
    counted = select(Rating.half_steps, func.count().label("ratings")).group_by(Rating.half_steps)
    rows = await tx.execute(_of_the_winner(counted, week_id))
    return summarise({row.half_steps: row.ratings for row in rows})


def _of_the_winner(ratings: Select[*R], week_id: WeekId) -> Select[*R]:
    same = (Week.id == Rating.week_id) & (Week.winner_album_id == Rating.album_id)
    return ratings.join(Week, same).where(Rating.week_id == week_id)


def shown(rating: Rating, user: Person | None, truncate: int | None = None) -> GivenRating:
    return GivenRating(
        id=rating.id,
        week_id=rating.week_id,
        album_id=rating.album_id,
        user=user,
        rating=rating.half_steps / 2,
        favorite_track=rating.favorite_track,
        review=truncated(rating.review, truncate),
        late=rating.late,
        created_at=rating.created_at,
        updated_at=rating.updated_at,
    )


async def state(_: AsyncSession, ratings: Sequence[Rating]) -> list[RatingGiven]:
    """The ratings as they are announced, whole."""
    return [told(rating) for rating in ratings]


def told(rating: Rating) -> RatingGiven:
    return RatingGiven(
        week_id=rating.week_id,
        user_id=rating.user_id,
        album_id=rating.album_id,
        version=rating.version,
        rating=rating.half_steps / 2,
        favorite_track=rating.favorite_track,
        review=rating.review,
        visible_from=rating.visible_from,
        given_at=rating.updated_at,
    )
