"""Undoing an import: what it wrote and nobody has touched since goes; the rest stays, and is named."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import Refusal
from club.audit.record import record
from club.history import rules, store
from club.models import ImportItem, Nomination, Nominator, Rating, Week
from club.nominations.changing import changing
from club.nominations.store import nominators
from club.nominations.withdraw import withdraw_part
from club.ratings.history import change
from club.ratings.store import diary
from club.votes.store import votes_for
from club.weeks.store import change_week
from contracts.history import Kept, Undone
from contracts.ids import AlbumId, ClubId, NominationId, UserId, WeekId

# So many weeks are undone in one call, which is then answered within seconds.
WEEKS = 20


async def undo(tx: AsyncSession, club_id: ClubId, import_id: UUID) -> Undone:
    """Undo the next of its weeks, each whole; where none is left, change nothing and tell the same."""
    row = await store.take_import(tx, club_id, import_id)
    items = await store.standing_items(tx, row.id, WEEKS)
    numbers = select(Week.number).where(Week.id.in_({item.week_id for item in items}))
    weeks = await store.take_weeks(tx, club_id, (await tx.scalars(numbers)).all())
    await _undo(Undoing(tx, rules.because(row.name)), items, {week.id: week for week in weeks.values()})
    states = await store.states(tx, row.id)
    if row.undone_at is None and not states.get("stands"):
        row.undone_at = row.updated_at = datetime.now(UTC)
        await record(tx, "import.undone", row.id, club_id, before={"name": row.name}, after=None)
        await tx.flush()
    kept = [_kept(*each) for each in await store.kept_items(tx, row.id)]
    removed, left = states.get("undone", 0), states.get("stands", 0)
    return Undone(id=row.id, undone_at=row.undone_at, removed=removed, left=left, kept=kept)


async def _undo(undoing: "Undoing", items: Sequence[ImportItem], weeks: dict[WeekId, Week]) -> None:
    for item in sorted(items, key=lambda item: (rules.ORDER.index(item.kind), item.id), reverse=True):
        try:
            await undoing.back(weeks[item.week_id], item)
        except Refusal as refusal:
            item.state, item.kept_because = "kept", refusal.code
        else:
            item.state = "undone"
    await undoing.tx.flush()


def _kept(item: ImportItem, number: int) -> Kept:
    code = item.kept_because or ""
    return Kept(kind=item.kind, number=number, subject_id=item.subject_id, code=code, reason=rules.BECAUSE[code])


@dataclass(frozen=True)
class Undoing:
    """Each raises why an item stays as it is."""

    tx: AsyncSession
    reason: str

    async def back(self, week: Week, item: ImportItem) -> None:
        each = {"rating": self._rating, "winner": self._winner, "nomination": self._nomination, "week": self._week}
        await each[item.kind](week, item)

    async def _rating(self, week: Week, item: ImportItem) -> None:
        rating = await self.tx.get_one(Rating, item.subject_id, with_for_update=True, populate_existing=True)
        rules.check_left(rules.state(rating, "rating"), item.after)
        rules.check_no_diary(len(await diary(self.tx, rating.id)))
        if item.outcome == "changed":
            before = item.before or {}
            said = {name: before[name] for name in ("half_steps", "favorite_track", "review")}
            await change(self.tx, week, rating, said | {"album_id": UUID(before["album_id"])})
        else:
            await change(self.tx, week, rating, {"withdrawn_at": func.clock_timestamp()})
            item.after = rules.state(rating, "rating")

    async def _winner(self, week: Week, item: ImportItem) -> None:
        rules.check_left(rules.state(week, "week"), item.after)
        before = item.before or {}
        album, nomination = before["winner_album_id"], before["winner_nomination_id"]
        decided = {
            "winner_album_id": album and AlbumId(UUID(album)),
            "winner_nomination_id": nomination and NominationId(UUID(nomination)),
        }
        await change_week(self.tx, week, decided)

    async def _nomination(self, week: Week, item: ImportItem) -> None:
        nomination = await self.tx.get_one(Nomination, item.subject_id, with_for_update=True, populate_existing=True)
        user_id, leads = UserId(UUID(item.after["user_id"])), "genre" in item.after
        part = await self.tx.get_one(Nominator, (nomination.id, user_id), populate_existing=True)
        rules.check_left(rules.part_state(nomination, part, leads=leads), item.after)
        if item.outcome == "changed":
            await self._restore(week, nomination, part, item.before or {})
            return
        if await nominators(self.tx, nomination) == {user_id}:
            rules.check_no_votes(await votes_for(self.tx, week.id, nomination.id))
        await withdraw_part(self.tx, week, nomination, user_id)
        item.after = rules.part_state(nomination, part, leads=leads)

    async def _week(self, week: Week, item: ImportItem) -> None:
        rules.check_left(rules.state(week, "week"), item.after)
        if item.outcome == "changed":
            day = (item.before or {})["date_discussion"]
            await change_week(self.tx, week, {"date_discussion": day and date.fromisoformat(day)})
            return
        live = select(func.count()).select_from(Nomination).filter_by(week_id=week.id, withdrawn_at=None)
        rated = select(func.count()).select_from(Rating).filter_by(week_id=week.id, withdrawn_at=None)
        nominations, ratings = (await self.tx.scalars(live)).one(), (await self.tx.scalars(rated)).one()
        rules.check_empty(nominations=nominations, ratings=ratings, won=week.winner_album_id is not None)
        await change_week(self.tx, week, {"kind": "skipped"})
        item.after = rules.state(week, "week")

    async def _restore(self, week: Week, nomination: Nomination, part: Nominator, before: rules.State) -> None:
        async with changing(self.tx, week, nomination, self.reason):
            for name in rules.SAID:
                setattr(part, name, before[name])
            for name in rules.TAGS & before.keys():
                setattr(nomination, name, before[name])
            part.updated_at = datetime.now(UTC)
