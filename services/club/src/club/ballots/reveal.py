"""Once a poll is decided, its ballots are announced again, with what was chosen."""

from collections import Counter

from sqlalchemy import Select, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.db import next_version
from chassis.outbox import publish
from club.audit.record import record
from club.ballots.announced import shows_choices, state
from club.models import Ballot, Club, Result, Week
from contracts.ids import ClubId, WeekId

BATCH = 500


async def reveal_ballots(tx: AsyncSession) -> int:
    """Announce some ballots that the close has made public and that are still announced as secret; how many.

    Whoever else does so at the same time takes others, or none.
    """
    decided = dict((await tx.execute(_decided())).all())
    hidden = select(Ballot.id).where(~Ballot.revealed, Ballot.week_id.in_(decided)).limit(BATCH)
    ids = (await tx.scalars(hidden.with_for_update(skip_locked=True))).all()
    newer = {"revealed": True, "version": next_version(Ballot.__table__.c.version)}
    told = (await tx.scalars(update(Ballot).where(Ballot.id.in_(ids)).values(newer).returning(Ballot))).all()
    await publish(tx, *await state(tx, told))
    for week_id, number in Counter(ballot.week_id for ballot in told).items():
        await record(tx, "ballots.revealed", week_id, decided[week_id], after={"ballots": number})
    return len(told)


def _decided() -> Select[WeekId, ClubId]:
    """Polls that have a result, of clubs that show ballots, while some are not yet shown."""
    left = select(Ballot).where(Ballot.week_id == Result.week_id, ~Ballot.revealed).exists()
    polls = select(Week.id, Week.club_id).join(Result, Result.week_id == Week.id)
    return polls.join(Club, Club.id == Week.club_id).where(shows_choices, left)
