"""What follows a restore: everything is announced as it is now, and every result is proved."""

from collections.abc import Mapping

from sqlalchemy import Table, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.announcer import BATCH, NONE_YET, Announcer
from chassis.outbox import publish
from club import models
from club.archive import rules
from club.archive.tables import CLUBS, PARTS, of_club
from club.proof.verification import faults
from club.results.store import document
from contracts.archive import VerifiedResult
from contracts.ids import ClubId
from contracts.results import Result

# What an export raises of which the columns are right, and what stands in them is not; a coroutine that finds no next
# raises RuntimeError.
UNTELLABLE = (LookupError, ValueError, RuntimeError, NoResultFound)


async def announce(tx: AsyncSession, club_id: ClubId, announcers: Mapping[str, Announcer]) -> dict[str, int]:
    """State whatever of the club is announced at all; how many of each noun. Raises BrokenExport."""
    told = {}
    for noun, announcer in announcers.items():
        if announcer.root.__table__ is CLUBS or announcer.root.__tablename__ in PARTS:
            try:
                told[noun] = await _announce_all(tx, club_id, announcer)
            except UNTELLABLE as error:
                raise rules.broken(announcer.root.__tablename__, why="What they hold cannot be announced.") from error
    return told


async def _announce_all(tx: AsyncSession, club_id: ClubId, announcer: Announcer) -> int:
    root, told, after = announcer.root, 0, NONE_YET
    table: Table = root.__table__
    of_this = select(root).where(of_club(table, club_id)).order_by(root.id).limit(BATCH)
    while rows := (await tx.scalars(of_this.where(root.id > after))).all():
        events = await announcer.state(tx, rows)
        await publish(tx, *events)
        told, after = told + len(events), rows[-1].id
    return told


async def verify(tx: AsyncSession, club_id: ClubId) -> list[VerifiedResult]:
    """What does not fit in each result, as `sidetrack verify` would find it. Raises BrokenExport."""
    result, week = models.Result, models.Week
    of_this = select(result, week.number).join(week, week.id == result.week_id).where(week.club_id == club_id)
    proved = []
    for row, number in (await tx.execute(of_this.order_by(week.number))).all():
        try:
            found = faults(Result.model_validate(await document(tx, row, with_discord=False)))
        except UNTELLABLE as error:
            raise rules.broken("results", why=f"That of week {number} cannot be read.") from error
        proved.append(VerifiedResult(number=number, faults=found))
    return proved
