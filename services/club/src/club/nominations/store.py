"""Nominations in PostgreSQL."""

from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from club.albums import store as albums
from club.members.store import person
from club.models import Album, Member, Nomination
from club.nominations.rules import NotNominated
from contracts import catalog, nominations, refs
from contracts.catalog import AlbumIn
from contracts.ids import AlbumId, NominationId, UserId, WeekId
from contracts.nominations import NewNomination
from contracts.refs import Tags


async def nominate(
    tx: AsyncSession, week_id: WeekId, user_id: UserId, album_id: AlbumId, new: NewNomination
) -> tuple[NominationId, bool]:
    """The nomination, and whether it is new. One that stood, or was withdrawn, takes over what `new` carries."""
    whose = {"week_id": week_id, "user_id": user_id, "album_id": album_id}
    carried = _carried(new)
    row = insert(Nomination).values(**whose, **carried).on_conflict_do_nothing()
    if (made := await tx.scalar(row.returning(Nomination.id))) is not None:
        return made, True
    same = [getattr(Nomination, name) == value for name, value in whose.items()]
    differs = [getattr(Nomination, name).is_distinct_from(value) for name, value in carried.items()]
    again = update(Nomination).where(*same, or_(Nomination.withdrawn_at.is_not(None), *differs))
    await tx.execute(again.values(**carried, withdrawn_at=None, updated_at=func.now()))
    return (await tx.scalars(select(Nomination.id).where(*same))).one(), False


def _carried(new: NewNomination) -> dict[str, Any]:
    """The columns that `new` sets; what is left out, or null, empties nothing."""
    tags = new.tags.model_dump() if new.tags else {}
    ref = new.ref.model_dump() if new.ref else None
    given = {"pitch": new.pitch, "pitch_track_url": new.pitch_track_url, "ref": ref, **tags}
    return {name: value for name, value in given.items() if value is not None}


async def take(tx: AsyncSession, week_id: WeekId, nomination_id: NominationId) -> Nomination:
    """The nomination, withdrawn or not; nobody else can change it until `tx` ends."""
    which = select(Nomination).where(Nomination.id == nomination_id, Nomination.week_id == week_id)
    if (found := await tx.scalar(which.with_for_update(key_share=True))) is None:
        raise NotNominated
    return found


async def chosen(
    tx: AsyncSession, week_id: WeekId, nomination_id: NominationId | None, album: AlbumIn | None
) -> Nomination:
    """What a body means by `nomination_id` or `album`: of several for one album, the oldest that still stands."""
    rows = (await tx.scalars(select(Nomination).where(Nomination.week_id == week_id).order_by(Nomination.id))).all()
    for some in ([row for row in rows if row.withdrawn_at is None], rows):
        album_id = await albums.find(tx, album, among=[row.album_id for row in some]) if album else None
        for row in some:
            if row.id == nomination_id or row.album_id == album_id:
                return row
    raise NotNominated


async def nominators(_: AsyncSession, nomination: Nomination) -> set[UserId]:
    """Whose nomination it is."""
    return {nomination.user_id}


async def listing(tx: AsyncSession, week_id: WeekId, *, with_discord: bool) -> list[nominations.Nomination]:
    """Those that stand, oldest first."""
    return await _told(tx, Nomination.week_id == week_id, Nomination.withdrawn_at.is_(None), with_discord=with_discord)


async def one(tx: AsyncSession, nomination_id: NominationId, *, with_discord: bool) -> nominations.Nomination:
    (nomination,) = await _told(tx, Nomination.id == nomination_id, with_discord=with_discord)
    return nomination


async def _told(tx: AsyncSession, *which: ColumnElement[bool], with_discord: bool) -> list[nominations.Nomination]:
    # The ids are UUIDv7, so their order is that of making.
    rows = select(Nomination, Album, Member).join(Album).join(Member).where(*which).order_by(Nomination.id)
    return [_nomination(*row, with_discord=with_discord) for row in await tx.execute(rows)]


def _nomination(row: Nomination, album: Album, member: Member, *, with_discord: bool) -> nominations.Nomination:
    return nominations.Nomination(
        id=row.id,
        week_id=row.week_id,
        album=catalog.Album.model_validate(album),
        nominator=person(member, with_discord=with_discord),
        pitch=row.pitch,
        pitch_track_url=row.pitch_track_url,
        tags=Tags.model_validate(row, from_attributes=True),
        ref=None if row.ref is None else refs.Ref.model_validate(row.ref),
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
