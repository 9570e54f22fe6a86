"""Taking listens in: each once, whoever tells it and however often, with its play and its sums, in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Literal, NamedTuple

from sqlalchemy import Uuid, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.db import any_of, first_version
from chassis.outbox import publish
from contracts.ids import TrackId, UserId
from contracts.listening import MetTracks
from contracts.listens import Outcome
from contracts.tracks import MessyTriple
from listening.ingest import store
from listening.ingest.rules import Heard, doubt
from listening.ingest.store import Of
from listening.locks import be_alone_with
from listening.models import User
from listening.names.store import Said, ensure
from listening.plays.change import Change, alone
from listening.plays.names import title_key
from listening.plays.rules import Seen
from listening.plays.settling import Zones, look_again, write

A_DAY_MS = 86_400_000

_FIRST = select(first_version())
_ZONES = select(User.id, User.timezone).where(User.id == any_of("users", Uuid))


class Taken(NamedTuple):
    """What became of a listen; `code` says why it is doubted, or that its person has left."""

    outcome: Outcome | Literal["gone"]
    code: str | None = None


async def take_in(tx: AsyncSession, heard: Sequence[Heard]) -> list[Taken]:
    """What became of each, in their order."""
    who = await be_alone_with(tx, {each.user_id for each in heard})
    now = datetime.now(UTC)
    outcomes, new, doubted = _sorted(heard, who, now)
    await store.quarantine(tx, doubted)
    for of in await store.known(tx, [*new]) if new else ():
        del new[of]
    if new:
        await _keep(tx, new)
    fresh = {*new}
    return [each if isinstance(each, Taken) else _told(each, fresh) for each in outcomes]


def _sorted(
    heard: Sequence[Heard], who: Mapping[UserId, UserId], now: datetime
) -> tuple[list[Taken | Of], dict[Of, Heard], list[tuple[str, Heard]]]:
    """Of each what became of it, or its key; the first of each key; and what is doubted."""
    outcomes: list[Taken | Of] = []
    new: dict[Of, Heard] = {}
    doubted: list[tuple[str, Heard]] = []
    for each in heard:
        if each.user_id not in who:
            outcomes.append(Taken("gone"))
        elif code := doubt(each.listened_at, now):
            doubted.append((code, replace(each, user_id=who[each.user_id])))
            outcomes.append(Taken("quarantined", code))
        else:
            of = who[each.user_id], each.key
            new.setdefault(of, each)
            outcomes.append(of)
    return outcomes, new, doubted


def _told(of: Of, fresh: set[Of]) -> Taken:
    """The first of what is new; whatever of the same batch is the same is a duplicate."""
    if of in fresh:
        fresh.remove(of)
        return Taken("inserted")
    return Taken("duplicate")


async def _keep(tx: AsyncSession, new: Mapping[Of, Heard]) -> None:
    await meet(tx, {each.messy_id: each.said for each in new.values()})
    several = await store.seen_by_several(tx, [*new])
    change = await _settled(tx, new, several)
    placed = {(each.user_id, each.key): each for each in change.placed}
    await store.add(tx, new, placed)
    await write(tx, change, but=new)


async def meet(tx: AsyncSession, said: Mapping[TrackId, Said]) -> None:
    """Keep tracks as they are spelled; the catalogue is told of those that were never said before."""
    met = await ensure(tx, said)
    if met:
        await publish(tx, _met(met, await tx.scalar(_FIRST) or 0))


async def _settled(tx: AsyncSession, new: Mapping[Of, Heard], several: set[UserId]) -> Change:
    zones = await zones_of(tx, {user_id for user_id, _ in new})
    seen: dict[UserId, list[Seen]] = {}
    for (user_id, _), heard in new.items():
        seen.setdefault(user_id, []).append(_seen(heard))
    compared = {user_id: [each.key for each in theirs] for user_id, theirs in seen.items() if user_id in several}
    change = await look_again(tx, compared, zones, seen) if compared else Change()
    for user_id, theirs in seen.items():
        if user_id not in several:
            for each in theirs:
                alone(change, user_id, zones[user_id], each)
    return change


def _seen(heard: Heard) -> Seen:
    said = heard.said
    key = title_key(said.title)
    return Seen(
        heard.key, said.artist, key, heard.listened_ms, said.duration_ms, said.album is not None, heard.messy_id
    )


async def zones_of(tx: AsyncSession, users: set[UserId]) -> Zones:
    """The time zone of each; somebody unknown so far has none."""
    known = await tx.execute(_ZONES, {"users": [*users]})
    return dict.fromkeys(users) | {row.id: row.timezone for row in known}


def _met(met: Sequence[Said], version: int) -> MetTracks:
    """What catalog is told of tracks that nobody had heard of."""
    tracks = [MessyTriple(artist=s.artist, track=s.title, album=s.album, duration_ms=_plausible(s)) for s in met]
    return MetTracks(version=version, tracks=tracks)


def _plausible(said: Said) -> int | None:
    return said.duration_ms if said.duration_ms and said.duration_ms <= A_DAY_MS else None
