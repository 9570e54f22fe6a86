"""Withdrawing: one member's part in a nomination, or the whole of it."""

from sqlalchemy.ext.asyncio import AsyncSession

from club.models import Nomination, Week
from club.nominations import rules, store
from club.nominations.changing import changing
from club.phases.store import now
from contracts.ids import UserId


async def withdraw_part(tx: AsyncSession, week: Week, nomination: Nomination, user_id: UserId) -> None:
    """Take a member's part out of a nomination; whoever has stood longest of the others leads, or nobody stands.

    The week is taken. Whether its phase takes a withdrawal is asked where it comes from. Raises WinnerStays where the
    last one would leave what has won.
    """
    left = [part for part in await store.parts(tx, nomination) if part.withdrawn_at is None]
    own = next((part for part in left if part.user_id == user_id), None)
    if own is None:
        return
    left.remove(own)
    if not left:
        rules.check_not_winner(nomination.id, week.winner_nomination_id)
    async with changing(tx, week, nomination):
        own.withdrawn_at = own.updated_at = await now(tx)
        if not left:
            nomination.withdrawn_at = own.withdrawn_at
        elif nomination.user_id == user_id:
            nomination.user_id = left[0].user_id


async def withdraw_whole(tx: AsyncSession, week: Week, nomination: Nomination) -> None:
    """Withdraw a nomination with all who stand behind it, in a week that is taken; raises WinnerStays."""
    rules.check_not_winner(nomination.id, week.winner_nomination_id)
    async with changing(tx, week, nomination):
        for part in await store.parts(tx, nomination):
            if part.withdrawn_at is None:
                part.withdrawn_at = part.updated_at = nomination.withdrawn_at = await now(tx)
