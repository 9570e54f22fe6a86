"""What deadlines that a host gives make of a week."""

from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from club.clubs.store import by_id
from club.models import Week
from club.phases.calendar import default_deadlines, discussion_day, placed
from club.phases.rules import check_day, check_order, first_phase
from club.phases.store import now
from contracts.club import NewWeek, WeekChanges
from contracts.clubs import ClubRules
from contracts.phases import Deadlines, Phase


async def planned(tx: AsyncSession, week: Week, given: NewWeek | WeekChanges) -> dict[str, Any]:
    """The columns that the deadlines given set, with the phase in which an open week begins by them."""
    if given.deadlines is None and not given.default_deadlines:
        # To a new week null says nothing; to one that is there, that all are taken away.
        emptied = isinstance(given, WeekChanges) and "deadlines" in given.model_fields_set
        return _columns(Deadlines()) if emptied else {}
    club = await by_id(tx, week.club_id)
    zone, fields, ends = ZoneInfo(club.timezone), {}, week.deadlines
    if given.default_deadlines:
        rhythm = ClubRules.model_validate(club.rules).rhythm
        day = given.date_discussion or week.date_discussion
        day = day or discussion_day(rhythm, (await now(tx)).astimezone(zone).date())
        check_day(day)
        fields, ends = {"date_discussion": day}, default_deadlines(day, rhythm, zone)
    if given.deadlines is not None:
        ends = ends.model_copy(update=placed(given.deadlines, zone).model_dump(exclude_unset=True))
    check_order(ends)
    return fields | _columns(ends) | _begun(week.phase, ends)


def _columns(ends: Deadlines) -> dict[str, Any]:
    return {f"{phase}_ends": end for phase, end in ends}


def _begun(phase: Phase, ends: Deadlines) -> dict[str, Any]:
    first = first_phase(ends)
    return {"phase": first} if phase == "open" and first else {}
