"""What the club's rules say of a nomination that is new, or comes back."""

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from club.albums.redirects import meant
from club.clubs.store import rules_of
from club.models import Nomination, Nominator, Week
from club.nominations import rules, store
from contracts.ids import AlbumId, UserId


async def check_may_nominate(
    tx: AsyncSession, week: Week, user_id: UserId, album_id: AlbumId, nomination: Nomination | None
) -> None:
    """Refuse what goes against the rules of a week that is taken, for a member who does not stand behind the album.

    `nomination` is the one of it that is there, which they would join or revive.
    """
    club = await rules_of(tx, week.club_id)
    standing = (await tx.scalars(store.standing_parts(week.id, user_id))).one()
    rules.check_limit(standing, club.nominations_per_member)
    rules.check_first(nomination is not None and nomination.withdrawn_at is None, club.same_album)
    if nomination is not None:
        rules.check_not_voted(await store.holds(tx, user_id, nomination), self_votes=club.self_votes)
    if club.album_rest != 0:
        won = await _last_won(tx, week, meant(Week.winner_album_id) == album_id)
        rules.check_rested(won, week.number, club.album_rest)
    if club.nominator_cooldown:
        won = await _last_won(tx, week, _won_by(user_id))
        rules.check_cooled_down(won, week.number, club.nominator_cooldown)


def _won_by(user_id: UserId) -> ColumnElement[bool]:
    own = select(Nominator).where(Nominator.nomination_id == Week.winner_nomination_id, Nominator.user_id == user_id)
    return own.where(Nominator.withdrawn_at.is_(None)).exists()


async def _last_won(tx: AsyncSession, week: Week, what: ColumnElement[bool]) -> int | None:
    """The number of the last week before this one that was won like this."""
    won = select(func.max(Week.number)).where(Week.club_id == week.club_id, Week.number < week.number)
    return await tx.scalar(won.where(what))
