"""What the club's rules say of a nomination that is new, or comes back."""

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from club.clubs.store import rules_of
from club.models import Nomination, Week
from club.nominations import rules
from contracts.ids import AlbumId, UserId


async def check_may_nominate(tx: AsyncSession, week: Week, user_id: UserId, album_id: AlbumId) -> None:
    """Refuse what goes against the rules of a week that is taken; saying a standing nomination again never does."""
    standing = [(each.user_id, each.album_id) for each in await _standing(tx, week)]
    if (user_id, album_id) in standing:
        return
    club = await rules_of(tx, week.club_id)
    rules.check_limit([nominator for nominator, _ in standing].count(user_id), club.nominations_per_member)
    rules.check_first(album_id in [album for _, album in standing], club.same_album)
    if club.album_rest != 0:
        won = await _last_won(tx, week, Week.winner_album_id == album_id)
        rules.check_rested(won, week.number, club.album_rest)
    if club.nominator_cooldown:
        won = await _last_won(tx, week, Nomination.user_id == user_id)
        rules.check_cooled_down(won, week.number, club.nominator_cooldown)


async def _standing(tx: AsyncSession, week: Week) -> list[Nomination]:
    nominations = select(Nomination).where(Nomination.week_id == week.id, Nomination.withdrawn_at.is_(None))
    return list(await tx.scalars(nominations))


async def _last_won(tx: AsyncSession, week: Week, what: ColumnElement[bool]) -> int | None:
    """The number of the last week before this one that was won like this."""
    won = select(func.max(Week.number)).outerjoin(Nomination, Nomination.id == Week.winner_nomination_id)
    return await tx.scalar(won.where(Week.club_id == week.club_id, Week.number < week.number, what))
