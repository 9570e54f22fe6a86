"""A message that is gone takes with it what it said."""

from collections.abc import Collection

from sqlalchemy.ext.asyncio import AsyncSession

from club.models import Rating, Week
from club.nominations import store as nominations
from club.nominations.withdraw import withdraw_part
from club.phases.rules import check_accepts
from club.ratings import store as ratings
from club.ratings.withdraw import withdraw_rating
from contracts.ids import NominationId, WeekId
from contracts.phases import Phase


async def weeks_of(tx: AsyncSession, message_id: str) -> list[WeekId]:
    """The weeks in which the message said something that stands, in the order in which to take them."""
    nominated = {nomination.week_id for nomination, _ in await nominations.from_message(tx, message_id)}
    return sorted(nominated | {rating.week_id for rating in await ratings.of_message(tx, message_id)})


async def withdraw_nominations(tx: AsyncSession, week: Week, message_id: str, phase: Phase) -> list[NominationId]:
    """Take the parts that came from it out of a week that is taken; raises PhaseClosed, WinnerStays."""
    said = [each for each in await nominations.from_message(tx, message_id) if each[0].week_id == week.id]
    for nomination, user_id in said:
        check_accepts(phase, "withdraw", week.kind)
        await withdraw_part(tx, week, nomination, user_id)
    return [nomination.id for nomination, _ in said]


async def withdraw_ratings(tx: AsyncSession, week: Week, message_id: str, phase: Phase) -> list[Rating]:
    """Withdraw the ratings that came from it, in a week that is taken; raises PhaseClosed."""
    said = [each for each in await ratings.of_message(tx, message_id) if each.week_id == week.id]
    return [await withdraw_rating(tx, week, rating.user_id, phase) for rating in said]


async def other_messages(tx: AsyncSession, week: Week, among: Collection[str], kind: str) -> list[str]:
    """The messages that said something of the week which stands, and are not `among` these; oldest first."""
    known = nominations.messages_of if kind == "nomination" else ratings.messages_of
    return sorted({*await known(tx, week.id)}.difference(among), key=int)
