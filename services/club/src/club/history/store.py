"""Imports in PostgreSQL."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from club.history.rules import NoSuchImport, State
from club.models import Import, ImportItem, Result, Week
from contracts import history
from contracts.history import ItemKind
from contracts.ids import ClubId, WeekId


async def take_turn(tx: AsyncSession, club_id: ClubId) -> None:
    """One import of a club at a time: each makes its people participants in the order of its own items."""
    await tx.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"club.imports {club_id}", 0))))


async def ensure_import(tx: AsyncSession, club_id: ClubId, name: str, source: str) -> Import:
    """The club's import of that source for oneself."""
    new = insert(Import).values(club_id=club_id, name=name, source=source)
    # Setting the source to itself locks the row that is there, in the very statement that finds it.
    one = new.on_conflict_do_update(
        index_elements=["club_id", "source"],
        index_where=Import.undone_at.is_(None),
        set_={"source": new.excluded.source},
    )
    return (await tx.scalars(one.returning(Import))).one()


async def end_import(tx: AsyncSession, row: Import, *, wrote: bool) -> UUID | None:
    """Its id; None of one that has never written anything, which is forgotten."""
    if wrote:
        await tx.execute(update(Import).where(Import.id == row.id).values(updated_at=func.now()))
        return row.id
    empty = ~select(ImportItem).where(ImportItem.import_id == row.id).exists()
    gone = await tx.scalar(delete(Import).where(Import.id == row.id, empty).returning(Import.id))
    return None if gone else row.id


async def find_import(tx: AsyncSession, club_id: ClubId, import_id: UUID) -> Import:
    return _there(await tx.get(Import, import_id), club_id)


async def take_import(tx: AsyncSession, club_id: ClubId, import_id: UUID) -> Import:
    """The import for oneself; weeks come after."""
    return _there(await tx.get(Import, import_id, with_for_update=True, populate_existing=True), club_id)


def _there(row: Import | None, club_id: ClubId) -> Import:
    if row is None or row.club_id != club_id:
        raise NoSuchImport
    return row


async def take_weeks(tx: AsyncSession, club_id: ClubId, numbers: Iterable[int]) -> dict[int, Week]:
    """Those of these numbers that are there, for oneself, in the order of their numbers."""
    weeks = select(Week).where(Week.club_id == club_id, Week.number.in_(set(numbers))).order_by(Week.number)
    rows = await tx.scalars(weeks.with_for_update(), execution_options={"populate_existing": True})
    return {week.number: week for week in rows}


async def has_result(tx: AsyncSession, week_id: WeekId) -> bool:
    return await tx.scalar(select(Result.id).where(Result.week_id == week_id)) is not None


async def made_by_import(tx: AsyncSession, week_id: WeekId) -> bool:
    """Whether an import that was not undone made the week."""
    by = select(ImportItem.id).where(ImportItem.subject_id == week_id, ImportItem.kind == "week")
    return await tx.scalar(by.where(ImportItem.state != "undone").limit(1)) is not None


async def left(tx: AsyncSession, subject_id: UUID, *, gone: bool = False) -> list[State]:
    """How imports left it. That it is `gone` an undoing did only where no import of it stands."""
    items = (await tx.scalars(select(ImportItem).where(ImportItem.subject_id == subject_id))).all()
    by_undoing = not gone or all(item.state == "undone" for item in items)
    return [item.after for item in items if by_undoing or item.state != "undone"]


async def keep_items(tx: AsyncSession, written: Sequence[Mapping[str, Any]]) -> None:
    """What was written and where it was read; of several times in one import, what stood before the first."""
    known = ["import_id", "kind", "key", "subject_id"]
    # One statement sets a row once: of two of one item the later comes in a statement of its own.
    first = {tuple(each[name] for name in known): each for each in reversed(written)}
    if not first:
        return
    row = insert(ImportItem).values([*reversed(first.values())])
    new = {name: row.excluded[name] for name in ("confidence", "provenance", "after")}
    again = {"state": "stands", "kept_because": None}
    await tx.execute(row.on_conflict_do_update(index_elements=known, set_=new | again))
    kept = {id(each) for each in first.values()}
    await keep_items(tx, [each for each in written if id(each) not in kept])


async def standing_items(tx: AsyncSession, import_id: UUID, weeks: int) -> Sequence[ImportItem]:
    """Those of so many of its weeks that are neither undone nor kept, the last written first."""
    standing = (ImportItem.import_id == import_id, ImportItem.state == "stands")
    some = select(ImportItem.week_id).where(*standing).distinct().order_by(ImportItem.week_id).limit(weeks)
    items = select(ImportItem).where(*standing, ImportItem.week_id.in_(some)).order_by(ImportItem.id.desc())
    return (await tx.scalars(items)).all()


async def states(tx: AsyncSession, import_id: UUID) -> dict[str, int]:
    """How many of its items stand, are undone, or were kept."""
    counted = select(ImportItem.state, func.count()).where(ImportItem.import_id == import_id)
    return dict((await tx.execute(counted.group_by(ImportItem.state))).all())


async def kept_items(tx: AsyncSession, import_id: UUID) -> Sequence[Row[ImportItem, int]]:
    """What undoing left, with the numbers of the weeks."""
    kept = select(ImportItem, Week.number).join(Week, Week.id == ImportItem.week_id)
    kept = kept.where(ImportItem.import_id == import_id, ImportItem.state == "kept")
    return (await tx.execute(kept.order_by(Week.number, ImportItem.id))).all()


async def page(tx: AsyncSession, club_id: ClubId, before: UUID | None, limit: int) -> Sequence[Import]:
    """Newest first, from the one after `before` on; one more than `limit`, if there are more."""
    rows = select(Import).where(Import.club_id == club_id).order_by(Import.id.desc()).limit(limit + 1)
    if before is not None:
        rows = rows.where(Import.id < before)
    return (await tx.scalars(rows)).all()


async def items_page(
    tx: AsyncSession, import_id: UUID, after: UUID | None, limit: int, *, with_discord: bool
) -> list[history.ImportItem]:
    """In the order they were written, from the one after `after` on; one more than `limit`, if there are more."""
    rows = select(ImportItem, Week.number).join(Week).where(ImportItem.import_id == import_id)
    if after is not None:
        rows = rows.where(ImportItem.id > after)
    found = await tx.execute(rows.order_by(ImportItem.id).limit(limit + 1))
    return [_item(row, number, with_discord=with_discord) for row, number in found]


def _item(row: ImportItem, number: int, *, with_discord: bool) -> history.ImportItem:
    columns = {column.key: getattr(row, column.key) for column in ImportItem.__table__.columns}
    source = row.provenance if with_discord else row.provenance | {"author": None}
    return history.ImportItem.model_validate(columns | {"number": number, "provenance": source})


async def shown(tx: AsyncSession, rows: Sequence[Import]) -> list[history.Import]:
    counts = await _written(tx, [row.id for row in rows])
    kept = await _kept(tx, [row.id for row in rows])
    return [
        history.Import.model_validate(
            {column.key: getattr(row, column.key) for column in Import.__table__.columns}
            | {"written": counts.get(row.id, {}), "kept": kept.get(row.id, 0)}
        )
        for row in rows
    ]


async def _written(tx: AsyncSession, ids: Collection[UUID]) -> Mapping[UUID, dict[ItemKind, int]]:
    counted = select(ImportItem.import_id, ImportItem.kind, func.count()).where(ImportItem.import_id.in_(ids))
    written: dict[UUID, dict[ItemKind, int]] = {}
    for import_id, kind, number in await tx.execute(counted.group_by(ImportItem.import_id, ImportItem.kind)):
        written.setdefault(import_id, {})[kind] = number
    return written


async def _kept(tx: AsyncSession, ids: Collection[UUID]) -> dict[UUID, int]:
    counted = select(ImportItem.import_id, func.count()).where(
        ImportItem.import_id.in_(ids), ImportItem.state == "kept"
    )
    return dict((await tx.execute(counted.group_by(ImportItem.import_id))).all())
