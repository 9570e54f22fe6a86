"""Whom and what a batch speaks of, before `Tx` opens. A rehearsal asks nobody who would make them: it makes them up."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from chassis.errors import Refusal, Unavailable
from club.albums import ensure as albums
from club.albums import store as album_store
from club.albums.ensure import Albums, KnownAlbum
from club.members import ensure as members
from club.members import store as member_store
from club.members.ensure import KnownMember, Members
from club.weeks.host import Host
from contracts.catalog import AlbumChanged, AlbumIn
from contracts.history import NewImport
from contracts.identity import UserChanged, UserIn
from contracts.ids import AlbumId, UserId
from contracts.naming import album_key

N = TypeVar("N")
K = TypeVar("K")
P = TypeVar("P", KnownMember, KnownAlbum)


@dataclass(frozen=True)
class Known:
    """By `named`: who or what is meant, or why nobody or nothing is."""

    people: Mapping[str, KnownMember | Refusal]
    albums: Mapping[str, KnownAlbum | Refusal]

    async def settle(self, tx: AsyncSession) -> None:
        """People, then albums, each in one order, so that two batches cannot wait for each other."""
        for person in _in_order(self.people.values()):
            await members.settle(tx, person)
        for album in _in_order(self.albums.values()):
            await albums.settle(tx, album)

    def user(self, user: UserIn) -> UserId:
        return _there(self.people[named(user)]).id

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


async def _known(request: Request, new: NewImport, _: Host, persons: Members, records: Albums) -> Known:
    items = [*new.readable.values()]
    speaking = [item.user for item in items if item.kind in {"nomination", "rating"}]
    # Somebody new gets the name that any of the items tells.
    users = {named(user): user for user in sorted(speaking, key=lambda user: user.display_name or "")}
    described = {named(item.album): item.album for item in items if item.kind in {"nomination", "winner"}}
    people: dict[str, KnownMember | Refusal] = {}
    albums_known: dict[str, KnownAlbum | Refusal] = {}
    if new.dry_run:
        async with request.app.state.db.transaction(postgresql_readonly=True) as tx:
            people, albums_known = await _made_up_people(tx, users), await _made_up_albums(tx, described)
    people |= await _asked(persons.all_meant, _without(people, users))
    albums_known |= await _asked(records.all_meant, _without(albums_known, described))
    return Known(people, albums_known)


def _without(known: Mapping[str, Any], wanted: Mapping[str, N]) -> dict[str, N]:
    return {name: each for name, each in wanted.items() if name not in known}


async def _asked(
    meant: Callable[[Sequence[N]], Awaitable[Sequence[K]]], wanted: Mapping[str, N]
) -> dict[str, K | Refusal]:
    """All at once; where one is refused, one by one, so that the others are not."""
    try:
        return dict(zip(wanted, await meant([*wanted.values()]), strict=True))
    except Unavailable:
        raise
    except Refusal as refusal:
        if len(wanted) == 1:
            return dict.fromkeys(wanted, refusal)
    one_by_one = [await _asked(meant, {name: each}) for name, each in wanted.items()]
    return {name: known for each in one_by_one for name, known in each.items()}


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
