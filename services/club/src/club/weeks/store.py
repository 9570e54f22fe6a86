"""Weeks and their refs in PostgreSQL."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Date, Text, cast, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from club import models
from club.weeks.rules import NoSuchWeek, NumberTaken, default_label, merge_refs
from contracts.club import Ref, Week
from contracts.ids import WeekId

_created_on = cast(func.timezone("UTC", models.Week.created_at), Date)
day = func.coalesce(models.Week.date_discussion, _created_on)
_number = cast(models.Week.number, Text)
# What `rules.default_label` says, for searching: it is stored nowhere.
label = func.coalesce(
    models.Week.label,
    func.concat(
        "WEEK ",
        func.lpad(_number, func.greatest(3, func.length(_number)), "0"),
        func.to_char(day, " [YYYY-MM-DD]"),
    ),
)


async def find_week(tx: AsyncSession, week_id: WeekId) -> models.Week:
    return _there(await tx.get(models.Week, week_id))


async def hold_week(tx: AsyncSession, week_id: WeekId) -> models.Week:
    """The week, which nobody can change until `tx` ends."""
    return _there(await tx.get(models.Week, week_id, with_for_update={"read": True}, populate_existing=True))


async def take_week(tx: AsyncSession, week_id: WeekId) -> models.Week:
    """The week for oneself, once everybody who holds it has ended."""
    return _there(await tx.get(models.Week, week_id, with_for_update=True, populate_existing=True))


async def numbered_week(tx: AsyncSession, number: int) -> models.Week:
    return _there(await tx.scalar(select(models.Week).where(models.Week.number == number)))


async def latest_week(tx: AsyncSession) -> models.Week:
    return _there(await tx.scalar(select(models.Week).order_by(models.Week.number.desc()).limit(1)))


def _there(week: models.Week | None) -> models.Week:
    if week is None:
        raise NoSuchWeek
    return week


async def ensure_week(tx: AsyncSession, number: int) -> tuple[models.Week, bool]:
    """The week of that number for oneself, and whether it is new."""
    mine = uuid7()
    new = insert(models.Week).values(id=mine, number=number)
    # Setting the number to itself locks the row that is there, in the very statement that finds it.
    one = new.on_conflict_do_update(index_elements=["number"], set_={"number": new.excluded.number})
    week = (await tx.scalars(one.returning(models.Week))).one()
    return week, week.id == mine


async def change_week(tx: AsyncSession, week: models.Week, fields: Mapping[str, Any], refs: Iterable[Ref] = ()) -> None:
    """Set `fields` and add `refs` to a week that is taken; what is already so leaves `updated_at` alone."""
    moved = await _keep_refs(tx, week.id, refs)
    try:
        async with tx.begin_nested():
            for name, value in fields.items():
                setattr(week, name, value)
            if moved or tx.is_modified(week):
                week.updated_at = func.now()
    except IntegrityError as error:
        raise NumberTaken from error
    await tx.refresh(week)


async def _keep_refs(tx: AsyncSession, week_id: WeekId, given: Iterable[Ref]) -> bool:
    standing = (await refs_of(tx, [week_id]))[week_id]
    merged = merge_refs(standing, given)
    if merged == standing:
        return False
    await tx.execute(delete(models.Ref).where(models.Ref.week_id == week_id))
    await tx.execute(insert(models.Ref), [{"week_id": week_id, **ref.model_dump()} for ref in merged])
    return True


async def refs_of(tx: AsyncSession, week_ids: Sequence[WeekId]) -> dict[WeekId, list[Ref]]:
    rows = await tx.scalars(select(models.Ref).where(models.Ref.week_id.in_(week_ids)))
    refs: defaultdict[WeekId, list[Ref]] = defaultdict(list)
    for row in rows:
        refs[row.week_id].append(Ref.model_validate(row, from_attributes=True))
    return defaultdict(list, {week_id: merge_refs([], those) for week_id, those in refs.items()})


async def answer(tx: AsyncSession, week: models.Week) -> Week:
    return Week(**shown(week, (await refs_of(tx, [week.id]))[week.id]))


def shown(week: models.Week, refs: list[Ref]) -> dict[str, Any]:
    """What every answer that tells of a week says of it."""
    columns = {column.key: getattr(week, column.key) for column in models.Week.__table__.columns}
    named = week.label or default_label(week.number, week.date_discussion or week.created_at.date())
    return columns | {"label": named, "refs": refs}
