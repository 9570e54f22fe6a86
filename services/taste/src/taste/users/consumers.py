"""Keeps who people are, who turned out to be whom, and who has left."""

from uuid import uuid4

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.aliases import keep_alias
from chassis.consumer import Consumer
from chassis.departures import gone, take
from chassis.forgetting import Leaver, drop
from contracts.identity import UserChanged, UserMerged
from contracts.leaving import UserDeleted
from taste.marks import UNMATCHED
from taste.models import (
    ArtistListener,
    Belonging,
    Day,
    Matches,
    Nominator,
    OutsideProfile,
    Profile,
    Rating,
    StaleProfile,
    Unmatched,
    User,
    UserAlias,
    Vote,
)
from taste.users.store import keep_user

consumer = Consumer()
# What is drawn from what they did, and what is told of them.
DRAWN = Profile, ArtistListener, OutsideProfile, StaleProfile, Matches, Unmatched
TOLD = Vote, Rating, Day, Belonging, Nominator


@consumer.on(UserChanged)
async def copy_user(changed: UserChanged, tx: AsyncSession) -> None:
    await keep_user(tx, changed)


@consumer.on(UserMerged)
async def merge_user(merged: UserMerged, tx: AsyncSession) -> None:
    both = [merged.user_id, merged.survivor_id]
    # Alone with both: a day of the old one that is taken in just now is either gone in the end or never kept.
    await take(tx, both)
    # Whoever turns out to be somebody who has left, left with them.
    if merged.survivor_id in await gone(tx, both):
        await _leave(tx, Leaver([merged.user_id], uuid4()))
    # The owner announces ballots and ratings anew, under the survivor; the alias is for what is asked by the old id.
    if await keep_alias(tx, UserAlias, merged.user_id, merged.survivor_id, merged.version):
        # So does listening with the days of the two, but of the old one's it tells nothing any more. A worker
        # tells anew of the survivor, too.
        for kept in (Day, *DRAWN):
            await tx.execute(delete(kept).where(kept.user_id == merged.user_id))
        await UNMATCHED.put(tx, merged.survivor_id)


@consumer.on(UserDeleted)
async def forget_user(deleted: UserDeleted, tx: AsyncSession) -> None:
    await _leave(tx, Leaver([deleted.user_id, *deleted.aliases], deleted.former_id))


async def _leave(tx: AsyncSession, leaver: Leaver) -> None:
    whose = [table.user_id for table in (*TOLD, *DRAWN)]
    await drop(tx, leaver, *whose, User.id, aliases=UserAlias)
