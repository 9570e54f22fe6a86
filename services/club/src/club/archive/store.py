"""An export written into the tables of an empty club."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Table, column, delete, exists, func, literal, literal_column, select, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.selectable import TableValuedAlias

from chassis.db import first_version, next_version
from club import models
from club.archive import rules
from club.archive.reading import Export
from club.archive.tables import CLUBS, PARTS, Part
from club.clubs.rules import DEFAULT_NAME
from contracts.archive import ExportedClub
from contracts.ids import ClubId

AT_ONCE = 500
# What a value can be wrong in: itself, or as a constraint has it.
OF_THE_ROW = ("22", "23")
UNIQUE = "23505"


async def check_restorable(tx: AsyncSession, slug: str, weeks: Sequence[rules.Row]) -> None:
    """Whether the club, if there is one, has no weeks, and none of the export's are anywhere here."""
    club_id = await tx.scalar(select(models.Club.id).where(models.Club.slug == slug))
    if club_id is not None:
        await _check_empty(tx, club_id)
    for some in _batches(weeks):
        part = PARTS["weeks"]
        given = _rows(part.table, some, ["id"])
        try:
            here = await tx.scalar(select(exists().where(models.Week.id == given.c.id)))
        except DBAPIError as error:
            raise _refusal(part, error, weeks) from error
        if here:
            raise rules.AlreadyHere


async def take_empty_club(tx: AsyncSession, slug: str) -> tuple[models.Club, bool]:
    """The club for oneself, and whether it was made; raises ClubNotEmpty."""
    blank = insert(models.Club).values(slug=slug, name=DEFAULT_NAME, timezone="UTC", rules={})
    made = await tx.scalar(blank.on_conflict_do_nothing().returning(models.Club.id))
    club = (await tx.scalars(select(models.Club).where(models.Club.slug == slug).with_for_update())).one()
    await _check_empty(tx, club.id)
    return club, made is not None


async def _check_empty(tx: AsyncSession, club_id: ClubId) -> None:
    if await tx.scalar(select(exists().where(models.Week.club_id == club_id))):
        raise rules.ClubNotEmpty


async def clear(tx: AsyncSession, club_id: ClubId) -> dict[str, int]:
    """Take away what a club has without weeks, as its roster; how many rows, by table."""
    beside = [part for part in PARTS.values() if part.way.referred_table is CLUBS and part.table.name != "weeks"]
    gone = {}
    for part in reversed(beside):
        rows = delete(part.table).where(part.way.columns.values()[0] == club_id).returning(literal(1))
        gone[part.table.name] = len((await tx.execute(rows)).all())
    return {name: number for name, number in gone.items() if number}


async def change_club(tx: AsyncSession, club: models.Club, exported: ExportedClub) -> None:
    for name in ExportedClub.model_fields:
        setattr(club, name, getattr(exported, name))
    club.rules = exported.rules.model_dump(mode="json", exclude_unset=True)
    club.version, club.updated_at = next_version(CLUBS.c.version), func.now()
    await tx.flush()
    await tx.refresh(club)


async def write(tx: AsyncSession, club_id: ClubId, export: Export) -> None:
    """Every row of the export, under the club and with a version of its own. Raises AlreadyHere, BrokenExport."""
    for name, part in PARTS.items():
        for rows in _batches(export.lists[name]):
            await _insert(tx, part, club_id, rows, twice=export.lists[name])
    for name, part in PARTS.items():
        for rows in _batches(export.lists[name] if part.late else []):
            await _set_late(tx, part, rows)


async def _insert(
    tx: AsyncSession, part: Part, club_id: ClubId, rows: Sequence[rules.Row], twice: Sequence[rules.Row]
) -> None:
    late = {each.name for each in part.late}
    names = [each.name for each in part.columns if each.name in rows[0] and each.name not in late]
    given = _rows(part.table, rows, names)
    values: dict[str, Any] = {name: given.c[name] for name in names}
    if part.club is not None:
        values[part.club.name] = literal(club_id)
    if part.version is not None:
        values[part.version.name] = first_version()
    new = insert(part.table).from_select([*values], select(*values.values()), include_defaults=False)
    try:
        await tx.execute(new)
    except DBAPIError as error:
        raise _refusal(part, error, twice) from error


async def _set_late(tx: AsyncSession, part: Part, rows: Sequence[rules.Row]) -> None:
    late = [each.name for each in part.late if each.name in rows[0]]
    key = [each.name for each in part.key]
    given = _rows(part.table, rows, [*key, *late])
    change = update(part.table).values({name: given.c[name] for name in late})
    same = [part.table.c[name] == given.c[name] for name in key]
    await tx.execute(change.where(*same, given.c[late[0]].is_not(None)))


def _rows(table: Table, rows: Sequence[rules.Row], names: Sequence[str]) -> TableValuedAlias:
    """The rows as PostgreSQL reads them into the columns of the table."""
    read = func.jsonb_populate_recordset(literal_column(f"NULL::{table.name}"), literal(rows, JSONB))
    return read.table_valued(*(column(name, table.c[name].type) for name in names), name="given")


def _refusal(part: Part, error: DBAPIError, rows: Sequence[rules.Row]) -> Exception:
    """What PostgreSQL says against a row, if it is the row's own fault."""
    code = str(getattr(error.orig, "sqlstate", ""))
    if not code.startswith(OF_THE_ROW):
        return error
    said = error.orig.__cause__ if error.orig else None
    key = [column.name for column in part.key]
    of_key = getattr(said, "constraint_name", None) == f"pk_{part.table.name}"
    if code == UNIQUE and of_key and not rules.same_key_twice(rows, tuple(key)):
        return rules.AlreadyHere()
    return rules.broken(part.table.name, why=f"{getattr(said, 'message', None) or 'A value does not fit.'}.")


def _batches(rows: Sequence[rules.Row]) -> Iterator[Sequence[rules.Row]]:
    for at in range(0, len(rows), AT_ONCE):
        yield rows[at : at + AT_ONCE]
