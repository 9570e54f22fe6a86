"""What becomes visible to everybody is announced as such."""

from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.db import next_version
from chassis.outbox import publish
from club.models import Club, Rating, Week
from club.ratings.store import of_the_winner, state
from contracts.clubs import ClubRules

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
    overdue = and_(Week.due_at.is_not(None), Week.rating_ends <= func.clock_timestamp())
    rule = func.coalesce(Club.rules["rating_visibility"].astext, ClubRules().rating_visibility)
    unseen = select(Rating.id).join(Week, of_the_winner).join(Club, Club.id == Week.club_id)
    shown = or_(Week.phase == "closed", overdue, rule == "always")
    return unseen.where(Rating.visible_from.is_(None), shown).order_by(Rating.id)
