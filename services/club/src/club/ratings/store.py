"""Ratings in PostgreSQL: withdrawn ones, and those of a former winner, are kept, but neither listed nor counted."""

from collections.abc import Sequence
from typing import TypeVarTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from club.clubs.store import by_id
from club.models import Club, DiaryEntry, Rating, RatingState, Week
from club.ratings.rules import counts
from club.ratings.statistics import Total, summarise, unseen
from club.roster.store import members_of
from contracts.clubs import ClubRules
from contracts.ids import ClubId, UserId, WeekId
from contracts.ratings import RatingGiven, RatingSummary

R = TypeVarTuple("R")

# The join by which a rating is one of its week's: it stands, and is of what won.
of_the_winner = (Week.id == Rating.week_id) & (Week.winner_album_id == Rating.album_id) & Rating.withdrawn_at.is_(None)
_decided = func.coalesce(Club.rules["rating_visibility"].astext, ClubRules().rating_visibility)
_overdue = Week.due_at.is_not(None) & (Week.rating_ends <= func.clock_timestamp())
# Whether a week of a club shows its ratings to everybody, as `rules.hides` has it for whoever has not rated.
shown_to_all = or_(Week.phase == "closed", _overdue, _decided == "always")


async def find(tx: AsyncSession, week: Week, user_id: UserId) -> Rating | None:
    """The member's rating of the week's winner, if there is one that stands."""
    theirs = select(Rating).where(Rating.week_id == week.id, Rating.user_id == user_id)
    rating = await tx.scalar(theirs)
    return rating if rating and counts(rating.album_id, rating.withdrawn_at, week.winner_album_id) else None


async def of_message(tx: AsyncSession, message_id: str) -> Sequence[Rating]:
    """The ratings that were given in this Discord message and stand."""
    message = {"provider": "discord", "kind": "message", "id": message_id}
    given = select(Rating).where(Rating.ref.contains(message), Rating.withdrawn_at.is_(None))
    return (await tx.scalars(given.order_by(Rating.id))).all()


async def messages_of(tx: AsyncSession, week_id: WeekId) -> Sequence[str]:
    """The ids of the messages that the ratings came from which stand in the week."""
    said = select(Rating.ref["id"].astext).where(Rating.ref["kind"].astext == "message")
    return (await tx.scalars(said.where(Rating.week_id == week_id, Rating.withdrawn_at.is_(None)))).all()


async def history(tx: AsyncSession, rating: Rating) -> Sequence[RatingState]:
    """Every state that the rating had, oldest first."""
    states = select(RatingState).where(RatingState.rating_id == rating.id)
    return (await tx.scalars(states.order_by(RatingState.version))).all()


async def diary(tx: AsyncSession, *rating_ids: UUID) -> Sequence[DiaryEntry]:
    """What is in the diaries of these ratings, oldest first."""
    entries = select(DiaryEntry).where(DiaryEntry.rating_id.in_(rating_ids))
    return (await tx.scalars(entries.order_by(DiaryEntry.at, DiaryEntry.id))).all()


async def page(
    tx: AsyncSession, week_id: WeekId, among: Sequence[ColumnElement[bool]], before: UUID | None, limit: int
) -> Sequence[Rating]:
    """Newest first, from the one after `before` on; one more than `limit`, if there are more."""
    ratings = _of_week(select(Rating), week_id).where(*among).order_by(Rating.id.desc()).limit(limit + 1)
    if before is not None:
        ratings = ratings.where(Rating.id < before)
    return (await tx.scalars(ratings)).all()


async def summary(tx: AsyncSession, week: Week, *, hidden: bool) -> RatingSummary:
    """What the ratings of the week's winner amount to; where they are hidden, only how many there are."""
    counted = select(Rating.half_steps, func.count().label("ratings")).group_by(Rating.half_steps)
    given = {row.half_steps: row.ratings for row in await tx.execute(_of_week(counted, week.id))}
    members = await _members(tx, week.club_id)
    if hidden:
        return unseen(sum(given.values()), members)
    return summarise(given, await _shown_by(tx, week.club_id), members)


async def _shown_by(tx: AsyncSession, club_id: ClubId) -> Total:
    """All ratings that the club shows to everybody."""
    sums = select(func.coalesce(func.sum(Rating.half_steps), 0), func.count())
    shown = sums.join_from(Rating, Week, of_the_winner).join(Club).where(Week.club_id == club_id, shown_to_all)
    half_steps, count = (await tx.execute(shown)).one()
    return Total(half_steps, count)


async def _members(tx: AsyncSession, club_id: ClubId) -> int:
    members = members_of(await by_id(tx, club_id)).subquery()
    return (await tx.scalars(select(func.count()).select_from(members))).one()


def _of_week(ratings: Select[*R], week_id: WeekId) -> Select[*R]:
    return ratings.join(Week, of_the_winner).where(Rating.week_id == week_id)


async def state(_: AsyncSession, ratings: Sequence[Rating]) -> list[RatingGiven]:
    """The ratings as they are announced, whole."""
    return [told(rating) for rating in ratings]


def told(rating: Rating) -> RatingGiven:
    hidden = rating.review_hidden_at is not None
    return RatingGiven(
        week_id=rating.week_id,
        user_id=rating.user_id,
        album_id=rating.album_id,
        version=rating.version,
        rating=rating.half_steps / 2,
        favorite_track=rating.favorite_track,
        review=None if hidden else rating.review,
        review_hidden=hidden,
        visible_from=rating.visible_from,
        withdrawn=rating.withdrawn_at is not None,
        given_at=rating.updated_at,
    )
