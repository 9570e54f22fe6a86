"""Nominations as answers show them: one query for a page of them, and one for all who stand beside their leaders."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import TypeAlias

from sqlalchemy import BigInteger, ColumnElement, Row, Select, and_, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from club.members.store import person
from club.models import Album, Member, Nomination, Nominator
from club.nominations import labels
from contracts import catalog, nominations, refs
from contracts.identity import Person
from contracts.ids import NominationId, WeekId
from contracts.nominations import CoNominator
from contracts.refs import Tags

# A nomination, its leading member's part in it, its album, and that member.
Found: TypeAlias = Row[Nomination, Nominator, Album, Member]


async def listing(tx: AsyncSession, week_id: WeekId, *, with_discord: bool) -> list[nominations.Nomination]:
    """Those of the week that stand, oldest first."""
    rows = (await tx.execute(_standing(week_id))).all()
    return await _shown(tx, rows, with_discord=with_discord)


async def page(
    tx: AsyncSession, week_id: WeekId, after: int, limit: int, *, with_discord: bool
) -> tuple[list[nominations.Nomination], int | None]:
    """The same from the one after number `after` on, and the number that the next page begins after."""
    some = _standing(week_id).where(Nomination.number > literal(after, BigInteger)).limit(limit + 1)
    rows = (await tx.execute(some)).all()
    shown = await _shown(tx, rows[:limit], with_discord=with_discord)
    return shown, rows[limit - 1].Nomination.number if len(rows) > limit else None


async def one(tx: AsyncSession, nomination_id: NominationId, *, with_discord: bool) -> nominations.Nomination:
    rows = (await tx.execute(_rows(Nomination.id == nomination_id))).all()
    (nomination,) = await _shown(tx, rows, with_discord=with_discord)
    return nomination


async def co_nominators(
    tx: AsyncSession, ids: Collection[NominationId], *, with_discord: bool
) -> dict[NominationId, list[Person]]:
    """Who stands beside the leading ones, by nomination."""
    beside = await _beside(tx, ids, with_discord=with_discord)
    return {nomination_id: people_of(beside.get(nomination_id, ())) for nomination_id in ids}


def people_of(beside: Iterable[CoNominator]) -> list[Person]:
    return [each.user for each in beside]


def _standing(week_id: WeekId) -> Select[Nomination, Nominator, Album, Member]:
    return _rows(Nomination.week_id == week_id, Nomination.withdrawn_at.is_(None))


def _rows(*which: ColumnElement[bool]) -> Select[Nomination, Nominator, Album, Member]:
    led = and_(Nominator.nomination_id == Nomination.id, Nominator.user_id == Nomination.user_id)
    rows = select(Nomination, Nominator, Album, Member).join(Nominator, led)
    rows = rows.join(Album, Album.id == Nomination.album_id).join(Member, Member.id == Nomination.user_id)
    return rows.where(*which).order_by(Nomination.number)


async def _beside(
    tx: AsyncSession, ids: Collection[NominationId], *, with_discord: bool
) -> dict[NominationId, list[CoNominator]]:
    of_these = and_(Nominator.nomination_id == Nomination.id, Nominator.user_id != Nomination.user_id)
    rows = select(Nominator, Member).join(Nomination, of_these).join(Member, Member.id == Nominator.user_id)
    standing = rows.where(Nomination.id.in_(ids), Nominator.withdrawn_at.is_(None))
    beside: defaultdict[NominationId, list[CoNominator]] = defaultdict(list)
    for part, member in await tx.execute(standing.order_by(Nominator.created_at, Nominator.user_id)):
        who = person(member, with_discord=with_discord)
        told = {"user": who, "pitch": part.pitch, "pitch_track_url": part.pitch_track_url, "ref": part.ref}
        beside[part.nomination_id].append(CoNominator.model_validate(told | {"created_at": part.created_at}))
    return beside


async def _shown(tx: AsyncSession, rows: Sequence[Found], *, with_discord: bool) -> list[nominations.Nomination]:
    beside = await _beside(tx, [row.Nomination.id for row in rows], with_discord=with_discord)
    return [_nomination(row, beside.get(row.Nomination.id, []), with_discord=with_discord) for row in rows]


def _nomination(found: Found, beside: list[CoNominator], *, with_discord: bool) -> nominations.Nomination:
    row, led, album, member = found
    told = catalog.Album.model_validate(album)
    return nominations.Nomination(
        id=row.id,
        week_id=row.week_id,
        code=labels.code(row.number),
        label=labels.label(told),
        short_label=labels.short_label(told),
        album=told,
        nominator=person(member, with_discord=with_discord),
        co_nominators=beside,
        pitch=led.pitch,
        pitch_track_url=led.pitch_track_url,
        tags=Tags.model_validate(row, from_attributes=True),
        ref=None if led.ref is None else refs.Ref.model_validate(led.ref),
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
