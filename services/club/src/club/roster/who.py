"""Who may take part by the club's rules."""

from sqlalchemy.ext.asyncio import AsyncSession

from club.clubs.store import rules_of
from club.roster.rules import NotOnRoster
from club.roster.store import belongs
from contracts.ids import ClubId, UserId


async def check_may_vote(tx: AsyncSession, club_id: ClubId, user_id: UserId) -> None:
    if (await rules_of(tx, club_id)).who_votes == "roster" and not await belongs(tx, club_id, user_id):
        raise NotOnRoster


async def check_may_rate(tx: AsyncSession, club_id: ClubId, user_id: UserId) -> None:
    if (await rules_of(tx, club_id)).who_rates == "roster" and not await belongs(tx, club_id, user_id):
        raise NotOnRoster
