"""Keeps what the club tells of itself: weeks, the roster, and who nominated what."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.consumer import Consumer
from chassis.copies import keep_newest
from chassis.departures import gone, hold
from contracts.clubs import RosterChanged
from contracts.ids import UserId
from contracts.nominations import NominationChanged
from contracts.phases import WeekChanged
from taste.clubs.store import keep_club, take_club
from taste.marks import UNMATCHED
from taste.models import Belonging, Nomination, Nominator, Week

consumer = Consumer()


@consumer.on(WeekChanged)
async def note_week(changed: WeekChanged, tx: AsyncSession) -> None:
    await keep_club(tx, changed.club_id, changed.club_slug)
    state = changed.model_dump(include={"week_id", "version", "club_id", "number", "label", "phase"})
    won = {"album_id": changed.winner_album_id, "nomination_id": changed.winner_nomination_id}
    await keep_newest(tx, Week, state | won)


@consumer.on(RosterChanged)
async def note_roster(changed: RosterChanged, tx: AsyncSession) -> None:
    await keep_club(tx, changed.club_id, changed.club_slug)
    club = await take_club(tx, changed.club_id)
    if club is None or (club.roster_version or 0) > changed.version:
        return
    club.roster_version = changed.version
    members = {each.user_id for each in changed.members}
    # The owner tells the roster anew once somebody has left; who leaves just now is off that one.
    members -= await gone(tx, members)
    before = {*(await tx.scalars(select(Belonging.user_id).where(Belonging.club_id == changed.club_id)))}
    await tx.execute(delete(Belonging).where(Belonging.club_id == changed.club_id))
    await _add(tx, Belonging, {"club_id": changed.club_id}, members)
    # Only who joins is new to the others; whoever is off it is not asked for any more.
    await UNMATCHED.put(tx, *(members - before))


@consumer.on(NominationChanged)
async def note_nomination(changed: NominationChanged, tx: AsyncSession) -> None:
    left = await hold(tx, changed.user_ids)
    state = changed.model_dump(include={"nomination_id", "version", "week_id", "album_id", "withdrawn"})
    await keep_newest(tx, Nomination, state)
    of = Nomination.nomination_id == changed.nomination_id
    newest = await tx.scalar(select(Nomination.version).where(of).with_for_update())
    if newest == changed.version:
        await tx.execute(delete(Nominator).where(Nominator.nomination_id == changed.nomination_id))
        await _add(tx, Nominator, {"nomination_id": changed.nomination_id}, {*changed.user_ids} - left)
        await UNMATCHED.put(tx, *({*changed.user_ids} - left))


async def _add(tx: AsyncSession, table: type[Any], to: Mapping[str, Any], users: Collection[UserId]) -> None:
    if users:
        await tx.execute(insert(table), [{**to, "user_id": user_id} for user_id in sorted(users)])
