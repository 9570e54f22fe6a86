"""Undoing an import: what it wrote and nobody has touched since goes; the rest stays, and is named."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.db import next_version
from chassis.errors import Refusal
from chassis.outbox import publish
from club.history import rules, store
from club.models import Import, ImportItem, Nomination, Rating, Vote, Week
from club.nominations.rules import check_not_winner
from club.ratings.store import told
from club.weeks.store import change_week
from contracts.history import Kept, Undone
from contracts.ids import AlbumId, ClubId, NominationId, WeekId


async def undo(tx: AsyncSession, club_id: ClubId, import_id: UUID) -> Undone:
    """A second time it changes nothing, and tells the same."""
    row = await store.take_import(tx, club_id, import_id)
    items = await store.items_of(tx, row.id)
    numbers = select(Week.number).where(Week.id.in_({item.week_id for item in items}))
    weeks = await store.take_weeks(tx, club_id, (await tx.scalars(numbers)).all())
    if row.undone_at is None:
        await _undo(tx, row, items, {week.id: week for week in weeks.values()})
    return _told(row, items, {week.id: week.number for week in weeks.values()})


async def _undo(tx: AsyncSession, row: Import, items: Sequence[ImportItem], weeks: dict[WeekId, Week]) -> None:
    for item in sorted(items, key=lambda item: (rules.ORDER.index(item.kind), item.id), reverse=True):
        try:
            await BACK[item.kind](tx, weeks[item.week_id], item)
        except Refusal as refusal:
            item.state, item.kept_because = "kept", refusal.code
        else:
            item.state = "undone"
    row.undone_at = row.updated_at = datetime.now(UTC)
    await tx.flush()


def _told(row: Import, items: Sequence[ImportItem], numbers: dict[WeekId, int]) -> Undone:
    kept = [
        Kept(
            kind=item.kind,
            number=numbers[item.week_id],
            subject_id=item.subject_id,
            code=item.kept_because,
            reason=rules.BECAUSE[item.kept_because],
        )
        for item in items
        if item.kept_because is not None
    ]
    return Undone(id=row.id, undone_at=row.undone_at, removed=len(items) - len(kept), kept=kept)


async def _rating(tx: AsyncSession, _: Week, item: ImportItem) -> None:
    rating = await tx.get(Rating, item.subject_id, with_for_update=True, populate_existing=True)
    if rating is None:
        raise rules.Gone
    rules.check_left(rules.state(rating, "rating"), item.after)
    await _restore(tx, rating, item.before or {})
    # A number that the copies of others have not seen: they hear of a removal as of any change.
    rating.version = next_version(Rating.__table__.c.version)
    await tx.flush()
    await tx.refresh(rating)
    removed = item.outcome == "made"
    await publish(tx, told(rating).model_copy(update={"withdrawn": removed}))
    if removed:
        await tx.delete(rating)


async def _winner(tx: AsyncSession, week: Week, item: ImportItem) -> None:
    rules.check_left(rules.state(week, "week"), item.after)
    before = item.before or {}
    album, nomination = before["winner_album_id"], before["winner_nomination_id"]
    decided = {
        "winner_album_id": album and AlbumId(UUID(album)),
        "winner_nomination_id": nomination and NominationId(UUID(nomination)),
    }
    await change_week(tx, week, decided)


async def _nomination(tx: AsyncSession, week: Week, item: ImportItem) -> None:
    nomination = await tx.get_one(Nomination, item.subject_id, with_for_update=True, populate_existing=True)
    rules.check_left(rules.state(nomination, "nomination"), item.after)
    if item.outcome == "changed":
        await _restore(tx, nomination, item.before or {})
        return
    check_not_winner(nomination.id, week.winner_nomination_id)
    votes = select(func.count()).select_from(Vote).where(Vote.nomination_id == nomination.id)
    rules.check_no_votes((await tx.scalars(votes)).one())
    nomination.withdrawn_at = nomination.updated_at = datetime.now(UTC)
    await tx.flush()
    item.after = rules.state(nomination, "nomination")


async def _week(tx: AsyncSession, week: Week, item: ImportItem) -> None:
    rules.check_left(rules.state(week, "week"), item.after)
    if item.outcome == "changed":
        day = (item.before or {})["date_discussion"]
        await change_week(tx, week, {"date_discussion": day and date.fromisoformat(day)})
        return
    live = select(func.count()).select_from(Nomination).filter_by(week_id=week.id, withdrawn_at=None)
    rated = select(func.count()).select_from(Rating).filter_by(week_id=week.id)
    nominations, ratings = (await tx.scalars(live)).one(), (await tx.scalars(rated)).one()
    rules.check_empty(nominations=nominations, ratings=ratings, won=week.winner_album_id is not None)
    await change_week(tx, week, {"kind": "skipped"})
    item.after = rules.state(week, "week")


async def _restore(tx: AsyncSession, row: Nomination | Rating, before: rules.State) -> None:
    """What had stood there; of a nomination, that it stood."""
    for name, value in (before | ({"withdrawn_at": None} if "withdrawn_at" in before else {})).items():
        setattr(row, name, UUID(value) if name == "album_id" else value)
    row.updated_at = datetime.now(UTC)
    await tx.flush()


BACK = {"rating": _rating, "winner": _winner, "nomination": _nomination, "week": _week}
