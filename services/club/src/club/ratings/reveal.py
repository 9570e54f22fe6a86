"""What becomes visible to everybody is announced as such."""

from collections import Counter
from uuid import UUID

from sqlalchemy import Select, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.db import next_version
from chassis.outbox import publish
from club.audit.record import record
from club.models import Club, Rating, Week
from club.ratings.store import of_the_winner, shown_to_all, state
from contracts.ids import ClubId, WeekId

BATCH = 500


async def reveal_ratings(tx: AsyncSession) -> int:
    """Reveal some ratings whose week has closed, or whose club shows them always; how many.

    Those that somebody else holds are left to them, or to the next time: so nothing is announced twice.
    """
    due = (await tx.execute(_due().limit(BATCH).with_for_update(of=Rating, skip_locked=True))).all()
    if due:
        which = Rating.id.in_([rating_id for rating_id, *_ in due])
        seen = {"visible_from": func.clock_timestamp(), "version": next_version(Rating.__table__.c.version)}
        revealed = await tx.scalars(update(Rating).where(which).values(seen).returning(Rating))
        await publish(tx, *await state(tx, revealed.all()))
    # What each of them is stands in the audit already: here it is how many of which week.
    for (week_id, club_id), ratings in Counter((week_id, club_id) for _, week_id, club_id in due).items():
        await record(tx, "ratings.revealed", week_id, club_id, after={"ratings": ratings})
    return len(due)


def _due() -> Select[UUID, WeekId, ClubId]:
    unseen = select(Rating.id, Week.id, Week.club_id).join_from(Rating, Week, of_the_winner).join(Club)
    return unseen.where(Rating.visible_from.is_(None), shown_to_all).order_by(Rating.id)
