"""Whom and what a batch speaks of, before `Tx` opens. A rehearsal asks nobody who would make them: it makes them up."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, TypeVar

from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from chassis.errors import Refusal
from club.albums import ensure as albums
from club.albums import store as album_store
from club.albums.ensure import Albums, KnownAlbum
from club.members import ensure as members
from club.members import store as member_store
from club.members.ensure import KnownMember, Members
from club.members.rules import MemberLeft
from club.weeks.host import Host
from contracts.batches import readable
from contracts.catalog import AlbumChanged, AlbumIn
from contracts.history import NewImport
from contracts.identity import UserChanged, UserIn
from contracts.ids import AlbumId, UserId
from contracts.naming import album_key

K = TypeVar("K")
P = TypeVar("P", KnownMember, KnownAlbum)


@dataclass(frozen=True)
class Known:
    """By `named`: who or what is meant, or why nobody or nothing is."""

    people: Mapping[str, KnownMember | Refusal]
    albums: Mapping[str, KnownAlbum | Refusal]
    # Who of them is somebody else since they were found.
    _now: dict[UserId, UserId | Refusal] = field(default_factory=dict)

    async def settle(self, tx: AsyncSession) -> None:
        """People, then albums, each in one order, so that two batches cannot wait for each other."""
        for person in _in_order(self.people.values()):
            try:
                self._now[person.id] = await members.settle(tx, person)
            except MemberLeft as refusal:
                # Costs the others nothing.
                self._now[person.id] = refusal
        for album in _in_order(self.albums.values()):
            await albums.settle(tx, album)

    def user(self, user: UserIn) -> UserId:
        found = _there(self.people[named(user)]).id
        return _there(self._now.get(found, found))

    def album(self, album: AlbumIn) -> AlbumId:
        return _there(self.albums[named(album)]).id


def _in_order(known: Iterable[P | Refusal]) -> list[P]:
    return sorted((each for each in known if not isinstance(each, Refusal)), key=lambda each: each.id)


def _there(known: K | Refusal) -> K:
    if isinstance(known, Refusal):
        raise known
    return known


def named(meant: UserIn | AlbumIn) -> str:
    """The same for the same description; what somebody is called does not matter."""
    return meant.model_dump_json(exclude={"display_name", "avatar_url"}, exclude_none=True)


async def _known(request: Request, new: NewImport, _: Host, persons: Members, catalogue: Albums) -> Known:
    items = [*readable(new.items).values()]
    speaking = [item.user for item in items if item.kind in {"nomination", "rating"}]
    # Somebody new gets the name that any of the items tells.
    users = {named(user): user for user in sorted(speaking, key=lambda user: user.display_name or "")}
    described = {named(item.album): item.album for item in items if item.kind in {"nomination", "winner"}}
    people: dict[str, KnownMember | Refusal] = {}
    records: dict[str, KnownAlbum | Refusal] = {}
    if new.dry_run:
        async with request.app.state.db.transaction(postgresql_readonly=True) as tx:
            people, records = await _made_up_people(tx, users), await _made_up_albums(tx, described)
    strangers = {name: user for name, user in users.items() if name not in people}
    unheard = {name: album for name, album in described.items() if name not in records}
    people |= zip(strangers, await persons.each_meant([*strangers.values()]), strict=True)
    records |= zip(unheard, await catalogue.each_meant([*unheard.values()]), strict=True)
    return Known(people, records)


async def _made_up_people(tx: AsyncSession, users: Mapping[str, UserIn]) -> dict[str, KnownMember | Refusal]:
    """Those whom naming would make."""
    ours = await member_store.find_all(tx, [*users.values()])
    strangers = {
        name: user.discord_id for name, user in users.items() if user.discord_id and user.discord_id not in ours
    }
    return {name: _stranger(discord_id) for name, discord_id in strangers.items()}


def _stranger(discord_id: str) -> KnownMember:
    user_id = UserId(uuid7())
    blank = dict.fromkeys(("handle", "avatar_url"))
    told = UserChanged(version=0, user_id=user_id, display_name=discord_id, discord_id=discord_id, **blank)
    return KnownMember(user_id, discord_id, told)


async def _made_up_albums(tx: AsyncSession, described: Mapping[str, AlbumIn]) -> dict[str, KnownAlbum | Refusal]:
    """Those that describing would make; two descriptions of one album make one."""
    by_key: dict[str, KnownAlbum] = {}
    found: dict[str, KnownAlbum | Refusal] = {}
    for name, album in described.items():
        if album.album_id is None and await album_store.find(tx, album) is None:
            key = album_key(album.title or "", album.artist or "")
            found[name] = by_key.setdefault(key, _unheard(album))
    return found


def _unheard(album: AlbumIn) -> KnownAlbum:
    album_id, said = AlbumId(uuid7()), album.description
    told = AlbumChanged(
        version=0,
        album_id=album_id,
        title=said.title,
        artist=said.artist,
        artists=[],
        year=said.year,
        mbid=said.mbid,
        spotify_id=said.spotify_id,
        cover_url=None,
        updated_at=datetime.now(UTC),
    )
    return KnownAlbum(album_id, told)


KnownHere = Annotated[Known, Depends(_known)]
