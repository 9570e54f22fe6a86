"""Once a poll is decided, its ballots are announced again, with what was chosen."""

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.db import next_version
from chassis.outbox import publish
from club.ballots.announced import shows_choices, state
from club.models import Ballot, Club, Result, Week

BATCH = 500


async def reveal_ballots(tx: AsyncSession) -> int:
    """Announce some ballots that the close has made public and that are still announced as secret; how many.

    Whoever else does so at the same time takes others, or none.
    """
    decided = select(Result.week_id).join(Week, Week.id == Result.week_id).join(Club, Club.id == Week.club_id)
    hidden = select(Ballot.id).where(~Ballot.revealed, Ballot.week_id.in_(decided.where(shows_choices)))
    ids = (await tx.scalars(hidden.limit(BATCH).with_for_update(of=Ballot, skip_locked=True))).all()
    newer = {"revealed": True, "version": next_version(Ballot.__table__.c.version)}
    told = update(Ballot).where(Ballot.id.in_(ids)).values(newer).returning(Ballot)
    await publish(tx, *await state(tx, (await tx.scalars(told)).all()))
    return len(ids)
