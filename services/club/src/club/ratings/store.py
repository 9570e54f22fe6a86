"""Ratings in PostgreSQL: withdrawn ones, and those of a former winner, are kept, but neither listed nor counted."""

from collections.abc import Sequence
from typing import Any, TypeVarTuple
from uuid import UUID

from sqlalchemy import JSON, ColumnElement, Label, Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from club.json_rows import json_array, json_object
from club.models import Club, DiaryEntry, Member, Rating, RatingCount, RatingState, Week
from club.ratings.rules import counts
from club.ratings.statistics import Total, summarise, unseen
from club.roster.store import number_of_members
from contracts.clubs import ClubRules
from contracts.ids import UserId, WeekId
from contracts.ratings import RatingGiven, RatingSummary

R = TypeVarTuple("R")

# The join by which a rating is one of its week's: it stands, and is of what won.
of_the_winner = (Week.id == Rating.week_id) & (Week.winner_album_id == Rating.album_id) & Rating.withdrawn_at.is_(None)
# The same, of how many there are.
of_the_week = (RatingCount.week_id == Week.id) & (RatingCount.album_id == Week.winner_album_id)
_decided = func.coalesce(Club.rules["rating_visibility"].astext, ClubRules().rating_visibility)


def _shown_to_all(week: Any) -> ColumnElement[bool]:
    """Whether a week of a `Club` shows its ratings to everybody, as `rules.hides` has it for whoever has not rated."""
    overdue = week.due_at.is_not(None) & (week.rating_ends <= func.clock_timestamp())
    return or_(week.phase == "closed", overdue, _decided == "always")


shown_to_all = _shown_to_all(Week)


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
    sums = select(*json_sums()).select_from(Week).join(Club).where(Week.id == week.id)
    return summed((await tx.execute(sums)).one(), hidden=hidden)


def json_sums() -> list[Label[Any]]:
    """What `summed` reads of a row, as a part of a statement about a `Week` of a `Club`."""
    count = json_object(RatingCount, "half_steps", "ratings")
    given = select(RatingCount).where(of_the_week).correlate(Week)
    return [
        json_array(count, given).label("given"),
        _shown_by_club().label("shown"),
        (number_of_members() + _rated_and_left()).label("members"),
    ]


def _rated_and_left() -> ColumnElement[int]:
    """How many former members rated the winner of a `Week`: no more have rated than could."""
    rated = select(func.count()).select_from(Member).join(Rating, Rating.user_id == Member.id)
    return rated.where(Member.former, of_the_winner).correlate(Week).scalar_subquery()


def _shown_by_club() -> ColumnElement[Any]:
    """Sum and number of all the ratings that a `Club` shows to everybody."""
    every, half_steps = aliased(Week), func.sum(RatingCount.half_steps * RatingCount.ratings)
    of_its_winner = (RatingCount.week_id == every.id) & (RatingCount.album_id == every.winner_album_id)
    sums = select(func.json_build_array(half_steps, func.sum(RatingCount.ratings), type_=JSON))
    shown = sums.select_from(every).join(RatingCount, of_its_winner)
    return shown.where(every.club_id == Club.id, _shown_to_all(every)).correlate(Club).scalar_subquery()


def summed(row: Any, *, hidden: bool) -> RatingSummary:
    """From a row of `json_sums`; of hidden ratings, only how many there are."""
    given = {each["half_steps"]: each["ratings"] for each in row.given}
    if hidden:
        return unseen(sum(given.values()), row.members)
    half_steps, ratings = row.shown
    return summarise(given, Total(half_steps or 0, ratings or 0), row.members)


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
