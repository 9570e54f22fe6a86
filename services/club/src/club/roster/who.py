"""Who may take part by the club's rules, and who was barred from it."""

from sqlalchemy import exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from club.bars.rules import check_not_barred
from club.models import Bar, Belonging, Club
from club.roster.rules import NotOnRoster
from contracts.clubs import Act, ClubRules
from contracts.ids import ClubId, UserId


async def check_may(tx: AsyncSession, act: Act, club_id: ClubId, user_id: UserId) -> ClubRules:
    """Refuse whom the roster keeps from it, where the rules have it so, or an admin; else the club's rules."""
    on_roster = exists().where(Belonging.club_id == club_id, Belonging.user_id == user_id)
    bar = select(Bar.acts).where(Bar.club_id == club_id, Bar.user_id == user_id).scalar_subquery()
    belongs = or_(~Club.has_roster, on_roster)
    standing = select(Club.rules, belongs.label("belongs"), bar.label("barred_from")).where(Club.id == club_id)
    row = (await tx.execute(standing)).one()
    rules = ClubRules.model_validate(row.rules)
    if not row.belongs and _only_roster(rules, act):
        raise NotOnRoster
    check_not_barred(act, row.barred_from or ())
    return rules


def _only_roster(rules: ClubRules, act: Act) -> bool:
    return (act == "vote" and rules.who_votes == "roster") or (act == "rate" and rules.who_rates == "roster")
