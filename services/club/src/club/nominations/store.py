"""Nominations and who stands behind them, in PostgreSQL."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from club.albums import store as albums
from club.albums.redirects import meant, standing
from club.models import Nomination, Nominator, Vote, Week
from club.nominations.labels import code
from club.nominations.rules import NoSuchNomination, NotNominated, next_number
from contracts.catalog import AlbumIn
from contracts.ids import AlbumId, NominationId, UserId, WeekId
from contracts.nominations import NominationChanged, Tagged


async def put_up(tx: AsyncSession, week_id: WeekId, user_id: UserId, album_id: AlbumId) -> Nomination:
    """A new nomination in a week that is taken; nobody stands behind it yet."""
    last = await tx.scalar(select(func.max(Nomination.number)).where(Nomination.week_id == week_id))
    number = next_number(last or 0)
    nomination = Nomination(week_id=week_id, user_id=user_id, album_id=album_id, number=number)
    tx.add(nomination)
    await tx.flush()
    return nomination


async def take(tx: AsyncSession, week_id: WeekId, nomination_id: NominationId) -> Nomination:
    """The nomination, withdrawn or not; nobody else can change it until `tx` ends."""
    which = select(Nomination).where(Nomination.id == nomination_id, Nomination.week_id == week_id)
    if (found := await tx.scalar(which.with_for_update(key_share=True))) is None:
        raise NotNominated
    return found


async def weeks_of(tx: AsyncSession, ids: Collection[NominationId]) -> dict[NominationId, WeekId]:
    """Of which week each of the nominations is; those that there are not are left out."""
    return dict((await tx.execute(select(Nomination.id, Nomination.week_id).where(Nomination.id.in_(ids)))).all())


async def week_of(tx: AsyncSession, nomination_id: NominationId) -> WeekId:
    weeks = await weeks_of(tx, [nomination_id])
    if nomination_id not in weeks:
        raise NoSuchNomination
    return weeks[nomination_id]


async def stands_elsewhere(tx: AsyncSession, nomination: Nomination, album_id: AlbumId) -> bool:
    """Whether another nomination of the week that stands is of the album."""
    others = select(Nomination).where(Nomination.week_id == nomination.week_id, Nomination.id != nomination.id)
    same = others.where(meant(Nomination.album_id) == album_id, Nomination.withdrawn_at.is_(None))
    return await tx.scalar(same.limit(1)) is not None


async def of_album(tx: AsyncSession, week_id: WeekId, album_id: AlbumId, user_id: UserId) -> Nomination | None:
    """What a member means who nominates the album: where they stand, else one that stands, else one of their own."""
    own = and_(Nominator.nomination_id == Nomination.id, Nominator.user_id == user_id)
    found = select(Nomination).outerjoin(Nominator, own)
    nearest = (
        and_(Nominator.user_id.is_not(None), Nominator.withdrawn_at.is_(None)).desc(),
        Nomination.withdrawn_at.is_(None).desc(),
        Nominator.user_id.is_not(None).desc(),
        Nomination.number,
    )
    of_week = found.where(Nomination.week_id == week_id, meant(Nomination.album_id) == album_id)
    return await tx.scalar(of_week.order_by(*nearest).limit(1))


async def chosen(
    tx: AsyncSession, week_id: WeekId, nomination_id: NominationId | None, album: AlbumIn | None
) -> Nomination:
    """What a body means by `nomination_id` or `album`: of several for one album, the oldest that still stands."""
    if album is None:
        return await _nominated(tx, week_id, nomination_id)
    rows = (await tx.scalars(select(Nomination).where(Nomination.week_id == week_id).order_by(Nomination.id))).all()
    now = await standing(tx, [row.album_id for row in rows])
    for some in ([row for row in rows if row.withdrawn_at is None], rows):
        album_id = await albums.find(tx, album, among=[row.album_id for row in some])
        for row in some:
            if row.id == nomination_id or now[row.album_id] == album_id:
                return row
    raise NotNominated


async def _nominated(tx: AsyncSession, week_id: WeekId, nomination_id: NominationId | None) -> Nomination:
    which = select(Nomination).where(Nomination.id == nomination_id, Nomination.week_id == week_id)
    if (found := await tx.scalar(which)) is None:
        raise NotNominated
    return found


async def parts(tx: AsyncSession, nomination: Nomination) -> Sequence[Nominator]:
    """All parts in the nomination, withdrawn ones too: who has stood longest comes first."""
    theirs = select(Nominator).where(Nominator.nomination_id == nomination.id)
    return (await tx.scalars(theirs.order_by(Nominator.created_at, Nominator.user_id))).all()


async def nominators(tx: AsyncSession, nomination: Nomination) -> set[UserId]:
    """Whose nomination it is: all who stand behind it."""
    return {part.user_id for part in await parts(tx, nomination) if part.withdrawn_at is None}


async def from_message(tx: AsyncSession, message_id: str) -> list[tuple[Nomination, UserId]]:
    """The parts that stand and came from a message on Discord: of which nomination, and whose."""
    own = select(Nomination, Nominator.user_id).join(Nominator, Nominator.nomination_id == Nomination.id)
    said_there = (Nominator.ref["id"].astext == message_id, Nominator.ref["kind"].astext == "message")
    standing = own.where(*said_there, Nominator.withdrawn_at.is_(None))
    return [(nomination, user_id) for nomination, user_id in await tx.execute(standing.order_by(Nomination.id))]


async def messages_of(tx: AsyncSession, week_id: WeekId) -> Sequence[str]:
    """The ids of the messages that the parts came from which stand in the week."""
    said = select(Nominator.ref["id"].astext).join(Nomination).where(Nominator.ref["kind"].astext == "message")
    return (await tx.scalars(said.where(Nomination.week_id == week_id, Nominator.withdrawn_at.is_(None)))).all()


def standing_parts(week_id: WeekId, user_id: UserId) -> Select[int]:
    """How many nominations of the week a member stands behind."""
    own = select(func.count()).select_from(Nominator).join(Nomination)
    return own.where(Nomination.week_id == week_id, Nominator.user_id == user_id, Nominator.withdrawn_at.is_(None))


async def holds(tx: AsyncSession, user_id: UserId, nomination: Nomination) -> bool:
    """Whether the member's own ballot of the week holds the nomination."""
    held = select(Vote).where(Vote.week_id == nomination.week_id, Vote.user_id == user_id)
    return await tx.scalar(held.where(Vote.nomination_id == nomination.id).limit(1)) is not None


async def snapshot(tx: AsyncSession, nomination: Nomination) -> dict[str, Any]:
    """All that members said of it, to see whether it changed, and what."""
    fields = ("album_id", "user_id", "genre", "decade", "country")
    return {
        **{field: getattr(nomination, field) for field in fields},
        "nominators": {str(part.user_id): _part(part) for part in await parts(tx, nomination)},
        "withdrawn": nomination.withdrawn_at is not None,
    }


def _part(part: Nominator) -> dict[str, Any]:
    said = {name: getattr(part, name) for name in ("pitch", "pitch_track_url", "ref")}
    return said | {"withdrawn": part.withdrawn_at is not None}


async def state(tx: AsyncSession, nominations: Sequence[Nomination]) -> list[NominationChanged]:
    """The nominations as they are announced, whole."""
    clubs = select(Week.id, Week.club_id).where(Week.id.in_({each.week_id for each in nominations}))
    club_of = dict((await tx.execute(clubs)).all())
    return [await _told(tx, each, club_of[each.week_id]) for each in nominations]


async def _told(tx: AsyncSession, nomination: Nomination, club_id: Any) -> NominationChanged:
    all_parts = await parts(tx, nomination)
    led = next(part for part in all_parts if part.user_id == nomination.user_id)
    others = [part.user_id for part in all_parts if part.withdrawn_at is None and part is not led]
    return NominationChanged(
        nomination_id=nomination.id,
        version=nomination.version,
        week_id=nomination.week_id,
        club_id=club_id,
        album_id=nomination.album_id,
        user_ids=[] if nomination.withdrawn_at else [nomination.user_id, *others],
        code=code(nomination.number),
        pitch=led.pitch,
        pitch_track_url=led.pitch_track_url,
        tags=Tagged.model_validate(nomination),
        withdrawn=nomination.withdrawn_at is not None,
        created_at=nomination.created_at,
    )
