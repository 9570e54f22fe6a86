"""Nominations as answers show them: one query for a page of them, with all who stand beside their leaders."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, and_, literal, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from club.albums.redirects import meant
from club.json_rows import json_album, json_array, json_object, json_person
from club.members.store import person
from club.models import Album, Member, Nomination, Nominator
from club.nominations import labels
from contracts import catalog, nominations
from contracts.identity import Person
from contracts.ids import NominationId, WeekId
from contracts.nominations import CoNominator
from contracts.refs import Tags

OWN = ("id", "week_id", "number", "created_at", "updated_at")
SAID = ("pitch", "pitch_track_url", "ref")


async def listing(tx: AsyncSession, week_id: WeekId, *, with_discord: bool) -> list[nominations.Nomination]:
    """Those of the week that stand, oldest first."""
    return [shown(each) for each in await tx.scalars(_rows(_standing(week_id), with_discord=with_discord))]


async def page(
    tx: AsyncSession, week_id: WeekId, after: int, limit: int, *, with_discord: bool
) -> tuple[list[nominations.Nomination], int | None]:
    """The same from the one after number `after` on, and the number that the next page begins after."""
    later = _standing(week_id) & (Nomination.number > literal(after, BigInteger))
    told = (await tx.scalars(_rows(later, with_discord=with_discord).limit(limit + 1))).all()
    return [shown(each) for each in told[:limit]], told[limit - 1]["number"] if len(told) > limit else None


async def one(tx: AsyncSession, nomination_id: NominationId, *, with_discord: bool) -> nominations.Nomination:
    return shown((await tx.scalars(_rows(Nomination.id == nomination_id, with_discord=with_discord))).one())


async def co_nominators(
    tx: AsyncSession, ids: Collection[NominationId], *, with_discord: bool
) -> dict[NominationId, list[Person]]:
    """Who stands beside the leading ones, by nomination."""
    of_these = and_(Nominator.nomination_id == Nomination.id, Nominator.user_id != Nomination.user_id)
    rows = select(Nomination.id, Member).join(Nominator, of_these).join(Member, Member.id == Nominator.user_id)
    standing = rows.where(Nomination.id.in_(ids), Nominator.withdrawn_at.is_(None))
    beside: defaultdict[NominationId, list[Person]] = defaultdict(list)
    for nomination_id, member in await tx.execute(standing.order_by(Nominator.created_at, Nominator.user_id)):
        beside[nomination_id].append(person(member, with_discord=with_discord))
    return {nomination_id: beside[nomination_id] for nomination_id in ids}


def people_of(beside: Iterable[CoNominator]) -> list[Person]:
    return [each.user for each in beside]


def json_listing(week_id: Any, *, with_discord: bool) -> ColumnElement[Any]:
    """The listing as a part of a larger statement; `shown` makes an answer of each."""
    rows = _joined(select(Nomination)).where(_standing(week_id))
    return json_array(_told(with_discord=with_discord), rows, Nomination.number)


def _standing(week_id: Any) -> ColumnElement[bool]:
    return and_(Nomination.week_id == week_id, Nomination.withdrawn_at.is_(None))


def _rows(which: ColumnElement[bool], *, with_discord: bool) -> Select[Any]:
    rows = _joined(select(_told(with_discord=with_discord)).select_from(Nomination))
    return rows.where(which).order_by(Nomination.number)


def _joined(rows: Select[Any]) -> Select[Any]:
    led = and_(Nominator.nomination_id == Nomination.id, Nominator.user_id == Nomination.user_id)
    rows = rows.join(Nominator, led).join(Album, Album.id == meant(Nomination.album_id))
    return rows.join(Member, Member.id == Nomination.user_id)


def _told(*, with_discord: bool) -> ColumnElement[Any]:
    """A nomination, its leading member's part in it, its album, that member, and who stands beside."""
    return json_object(
        Nomination,
        *OWN,
        **{name: getattr(Nominator, name) for name in SAID},
        tags=json_object(Nomination, *Tags.model_fields),
        album=json_album(),
        nominator=json_person(with_discord=with_discord),
        co_nominators=_parts_beside(with_discord=with_discord),
    )


def json_co_nominators(*, with_discord: bool) -> ColumnElement[Any]:
    """Who stands beside a nomination's leader, as a part of a larger statement."""
    part, member = aliased(Nominator), aliased(Member)
    return _beside(part, member, json_person(member, with_discord=with_discord))


def _parts_beside(*, with_discord: bool) -> ColumnElement[Any]:
    part, member = aliased(Nominator), aliased(Member)
    who = json_object(part, *SAID, "created_at", user=json_person(member, with_discord=with_discord))
    return _beside(part, member, who)


def _beside(part: Any, member: Any, each: ColumnElement[Any]) -> ColumnElement[Any]:
    """`each` of the parts that stand beside the leading one of a `Nomination`, whoever has stood longest first."""
    rows = select(part).join(member, member.id == part.user_id)
    standing = rows.where(
        part.nomination_id == Nomination.id, part.user_id != Nomination.user_id, part.withdrawn_at.is_(None)
    )
    return json_array(each, standing.correlate(Nomination), part.created_at, part.user_id)


def shown(told: Mapping[str, Any]) -> nominations.Nomination:
    album = catalog.Album.model_validate(told["album"])
    names = {
        "code": labels.code(told["number"]),
        "label": labels.label(album),
        "short_label": labels.short_label(album),
    }
    return nominations.Nomination.model_validate({**told, **names, "album": album})
