"""Ratings of two who turned out to be one."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.outbox import publish
from club.merging import rules
from club.models import DiaryEntry, Rating, Week
from club.ratings import history
from club.ratings.rules import counts
from club.ratings.store import told
from contracts.ids import UserId, WeekId

# What is said in a rating, and who may see it.
SAID = (*history.KEPT, "visible_from", "review_hidden_at", "review_hidden_reason")


async def fold_ratings(
    tx: AsyncSession, old: UserId, survivor: UserId, weeks: Mapping[WeekId, Week]
) -> dict[str, list[Any]]:
    """Make the old one's ratings in these weeks, which are taken, the survivor's; what became of them."""
    became: defaultdict[str, list[Any]] = defaultdict(list)
    pairs = await _taken(tx, old, survivor, weeks)
    for week_id, theirs, own in pairs:
        week = weeks[week_id]
        fate = rules.of_ratings(_given(own, week) if own else None, _given(theirs, week))
        if fate == "taken_over" and own is not None:
            await _take_over(tx, week, own, theirs)
        if fate == "moved":
            await move(tx, theirs, survivor)
        elif fate is not None:
            await history.change(tx, week, theirs, {"withdrawn_at": func.clock_timestamp()})
        if fate is not None:
            became[fate].append(theirs.id)
    return dict(became)


async def _taken(
    tx: AsyncSession, old: UserId, survivor: UserId, weeks: Mapping[WeekId, Week]
) -> list[tuple[WeekId, Rating, Rating | None]]:
    """The old one's, each with the survivor's own of the same week."""
    both = select(Rating).where(Rating.user_id.in_([old, survivor]), Rating.week_id.in_(weeks))
    # In one order, as whoever reveals or moderates several takes them.
    taken = both.order_by(Rating.id).with_for_update().execution_options(populate_existing=True)
    found = {(rating.week_id, rating.user_id): rating for rating in await tx.scalars(taken)}
    return [
        (week_id, rating, found.get((week_id, survivor)))
        for (week_id, user_id), rating in found.items()
        if user_id == old
    ]


def _given(rating: Rating, week: Week) -> rules.Given:
    of_winner = counts(rating.album_id, rating.withdrawn_at, week.winner_album_id)
    return rules.Given(rating.withdrawn_at is not None, of_winner)


async def move(tx: AsyncSession, rating: Rating, survivor: UserId) -> None:
    """Make a rating that is taken the survivor's, with its history and its diary, which are the rating's own."""
    old, rating.user_id = rating.user_id, survivor
    await history.raise_version(tx, rating)
    gone = told(rating).model_copy(update={"user_id": old, "withdrawn": True})
    await publish(tx, gone, told(rating))


async def _take_over(tx: AsyncSession, week: Week, own: Rating, theirs: Rating) -> None:
    """The survivor's rating says what the other said, and goes on with the other's diary."""
    said = {name: getattr(theirs, name) for name in SAID}
    await history.change(tx, week, own, said | {"withdrawn_at": None})
    diary = update(DiaryEntry).where(DiaryEntry.rating_id == theirs.id).values(rating_id=own.id)
    await tx.execute(diary.execution_options(synchronize_session=False))
