"""What follows a restore: everything is announced as it is now, and every result is proved."""

from collections.abc import Mapping

from sqlalchemy import Table, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.announcer import BATCH, NONE_YET, Announcer
from chassis.outbox import publish
from club.archive import rules
from club.archive.tables import CLUBS, PARTS, of_club
from club.models import Result, Week
from club.proof.verification import faults
from club.results.store import shown
from contracts.archive import VerifiedResult
from contracts.ids import ClubId

# What an export raises of which the columns are right, and what stands in them is not.
UNTELLABLE = (LookupError, ValueError, NoResultFound)


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
    of_this = select(Result, Week.number).join(Week, Week.id == Result.week_id).where(Week.club_id == club_id)
    proved = []
    for result, number in (await tx.execute(of_this.order_by(Week.number))).all():
        try:
            found = faults(await shown(tx, result, with_discord=False))
        except UNTELLABLE as error:
            raise rules.broken("results", why=f"That of week {number} cannot be read.") from error
        proved.append(VerifiedResult(number=number, faults=found))
    return proved
