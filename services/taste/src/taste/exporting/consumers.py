"""Tells what taste keeps of whoever wants to have it."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.consumer import Consumer
from chassis.exporting import Kept, answer
from contracts.exports import ExportRequested, TasteExportGathered
from contracts.ids import UserId
from taste.models import Belonging, Day, Nominator, OutsideProfile, Profile, Rating, User, Vote

consumer = Consumer()
# How alike somebody is to others is as much theirs: `GET /users/{id}/neighbours` tells what of it they show.
SECTIONS = {
    "profile": (User, User.id, User.id),
    "votes": (Vote, Vote.user_id, Vote.week_id),
    "ratings": (Rating, Rating.user_id, Rating.week_id),
    "days": (Day, Day.user_id, Day.day),
    "taste": (Profile, Profile.user_id, Profile.user_id),
    "clubs": (Belonging, Belonging.user_id, Belonging.club_id),
    "nominations": (Nominator, Nominator.user_id, Nominator.nomination_id),
    "outside": (OutsideProfile, OutsideProfile.user_id, OutsideProfile.origin),
}


@consumer.on(ExportRequested)
async def gather_export(asked: ExportRequested, tx: AsyncSession) -> None:
    await answer(tx, TasteExportGathered, asked, _kept_of)


async def _kept_of(tx: AsyncSession, ids: Sequence[UserId]) -> Kept:
    sections = {}
    for name, (copy, whose, order) in SECTIONS.items():
        theirs = select(*copy.__table__.c).where(whose.in_(ids)).order_by(order)
        sections[name] = (await tx.execute(theirs)).mappings().all()
    return sections
