"""What becomes visible to everybody is announced as such."""

from uuid import UUID

from sqlalchemy import Select, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.db import next_version
from chassis.outbox import publish
from club.models import Club, Rating, Week
from club.ratings.store import of_the_winner, shown_to_all, state

BATCH = 500


async def reveal_ratings(tx: AsyncSession) -> int:
    """Reveal some ratings whose week has closed, or whose club shows them always; how many.

    Those that somebody else holds are left to them, or to the next time: so nothing is announced twice.
    """
    due = (await tx.scalars(_due().limit(BATCH).with_for_update(of=Rating, skip_locked=True))).all()
    if due:
        seen = {"visible_from": func.clock_timestamp(), "version": next_version(Rating.__table__.c.version)}
        revealed = await tx.scalars(update(Rating).where(Rating.id.in_(due)).values(seen).returning(Rating))
        await publish(tx, *await state(tx, revealed.all()))
    return len(due)


def _due() -> Select[UUID]:
    unseen = select(Rating.id).join(Week, of_the_winner).join(Club).where(Rating.visible_from.is_(None))
    return unseen.where(shown_to_all).order_by(Rating.id)
