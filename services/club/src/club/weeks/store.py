"""Weeks and their refs in PostgreSQL."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Date, Text, cast, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from chassis.caller import Caller
from chassis.db import next_version
from chassis.outbox import publish
from club import models
from club.albums.redirects import standing_album
from club.audit.record import record
from club.proof.store import open_poll
from club.roster.store import is_host
from club.weeks.rules import NoSuchWeek, NumberTaken, default_label, merge_refs
from contracts.club import Week
from contracts.ids import ClubId, WeekId
from contracts.phases import WeekChanged
from contracts.refs import Ref

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


async def find_week(tx: AsyncSession, week_id: WeekId, caller: Caller) -> models.Week:
    """The week, unless it is a draft that `caller` does not see."""
    return await _seen(tx, _there(await tx.get(models.Week, week_id)), caller)


async def hold_week(tx: AsyncSession, week_id: WeekId) -> models.Week:
    """The week, which nobody can change until `tx` ends."""
    return _there(await tx.get(models.Week, week_id, with_for_update={"read": True}, populate_existing=True))


async def take_week(tx: AsyncSession, week_id: WeekId) -> models.Week:
    """The week for oneself, once everybody who holds it has ended."""
    return _there(await tx.get(models.Week, week_id, with_for_update=True, populate_existing=True))


async def seen_by(tx: AsyncSession, club_id: ClubId, caller: Caller) -> list[ColumnElement[bool]]:
    """Which weeks of the club `caller` sees: all, or all but the drafts."""
    of_club = models.Week.club_id == club_id
    return [of_club] if await is_host(tx, club_id, caller) else [of_club, models.Week.phase != "draft"]


async def _seen(tx: AsyncSession, week: models.Week, caller: Caller) -> models.Week:
    if week.phase == "draft" and not await is_host(tx, week.club_id, caller):
        raise NoSuchWeek
    return week


def _there(week: models.Week | None) -> models.Week:
    if week is None:
        raise NoSuchWeek
    return week


async def ensure_week(tx: AsyncSession, club_id: ClubId, number: int) -> tuple[models.Week, bool]:
    """The club's week of that number for oneself, and whether it is new: then `change_week` must follow."""
    mine = uuid7()
    new = insert(models.Week).values(id=mine, club_id=club_id, number=number)
    # Setting the number to itself locks the row that is there, in the very statement that finds it.
    one = new.on_conflict_do_update(index_elements=["club_id", "number"], set_={"number": new.excluded.number})
    week = (await tx.scalars(one.returning(models.Week))).one()
    await open_poll(tx, week.id)
    return week, week.id == mine


async def change_week(  # noqa: PLR0913 — the week, what changes of it, and why
    tx: AsyncSession,
    week: models.Week,
    fields: Mapping[str, Any],
    refs: Iterable[Ref] = (),
    *,
    new: bool = False,
    reason: str | None = None,
) -> None:
    """Set `fields` and add `refs` to a week that is taken, and announce it; what is already so is no change."""
    before = None if new else await _whole(tx, week)
    moved = await _keep_refs(tx, week.id, refs)
    try:
        async with tx.begin_nested():
            for name, value in fields.items():
                setattr(week, name, value)
            if changed := moved or tx.is_modified(week):
                week.updated_at = func.now()
                week.version = next_version(models.Week.__table__.c.version)
    except IntegrityError as error:
        raise NumberTaken from error
    await tx.refresh(week)
    if changed or new:
        await publish(tx, *await state(tx, [week]))
        action, after = "week.changed" if before else "week.made", await _whole(tx, week)
        await record(tx, action, week.id, week.club_id, before=before, after=after, reason=reason)


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


async def _whole(tx: AsyncSession, week: models.Week) -> dict[str, Any]:
    winner = {"winner_nomination_id": week.winner_nomination_id}
    return (await answer(tx, week)).model_dump(mode="json") | winner


async def answer(tx: AsyncSession, week: models.Week) -> Week:
    winner = week.winner_album_id and await standing_album(tx, week.winner_album_id)
    return Week(**shown(week, (await refs_of(tx, [week.id]))[week.id]) | {"winner_album_id": winner})


def shown(week: models.Week, refs: list[Ref]) -> dict[str, Any]:
    """What every answer that tells of a week says of it, with the winner's id as it was written down."""
    columns = {column.key: getattr(week, column.key) for column in models.Week.__table__.columns}
    return columns | {"label": named(week), "deadlines": week.deadlines, "refs": refs}


def named(week: models.Week) -> str:
    return week.label or default_label(week.number, week.date_discussion or week.created_at.date())


async def state(tx: AsyncSession, weeks: Sequence[models.Week]) -> list[WeekChanged]:
    """The weeks as they are announced, whole."""
    of = {week.club_id for week in weeks}
    clubs = await tx.execute(select(models.Club.id, models.Club.slug).where(models.Club.id.in_(of)))
    slugs = {club.id: club.slug for club in clubs}
    return [WeekChanged(week_id=week.id, club_slug=slugs[week.club_id], **shown(week, [])) for week in weeks]
