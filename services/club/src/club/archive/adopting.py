"""People and albums of an export, made known to those who own them before anything of the club is written."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.client import Neighbour, neighbour
from chassis.errors import Conflict
from club.albums import store as albums
from club.archive import store
from club.archive.reading import SentExport
from club.archive.rules import AlbumsDiffer, PeopleDiffer
from club.members import store as members
from contracts.catalog import AdoptedAlbums, AlbumChanged, AlbumsToAdopt, AlbumToAdopt
from contracts.clubs import Slug
from contracts.identity import AdoptedUsers, UserChanged, UsersToAdopt, UserToAdopt
from contracts.naming import album_key

T = TypeVar("T")

# What an owner answers well within the time that a call may take.
ASKED_AT_ONCE = 100


@dataclass(frozen=True)
class Adopted:
    """What the owners say of the people and albums of an export, now that they know them."""

    people: Sequence[UserChanged]
    albums: Sequence[AlbumChanged]

    async def settle(self, tx: AsyncSession) -> None:
        """Let them have rows in the club's copies; take the club first, as everybody does."""
        await members.keep_all(tx, self.people)
        await albums.keep_all(tx, self.albums)


async def _adopted(
    request: Request,
    slug: Slug,
    export: SentExport,
    identity: Annotated[Neighbour, Depends(neighbour("identity"))],
    catalog: Annotated[Neighbour, Depends(neighbour("catalog"))],
) -> Adopted:
    async with request.app.state.db.transaction(postgresql_readonly=True) as tx:
        await store.check_restorable(tx, slug, export.lists["weeks"])
    # Both are asked about everything first, so that who refuses the last leaves nothing of the others.
    await _people(identity, export.people, only_ask=True)
    await _albums(catalog, export.albums, only_ask=True)
    people = await _people(identity, export.people, only_ask=False)
    return Adopted(people, await _albums(catalog, export.albums, only_ask=False))


AdoptedExport = Annotated[Adopted, Depends(_adopted)]


async def _people(identity: Neighbour, people: Sequence[UserToAdopt], *, only_ask: bool) -> list[UserChanged]:
    told: list[UserChanged] = []
    for part in _parts(people, lambda person: person.id):
        body = UsersToAdopt(users=part, only_ask=only_ask)
        answer = await _ask(identity, "/internal/users/adopt", body, PeopleDiffer)
        told += AdoptedUsers.model_validate(answer).users
    return told


async def _albums(catalog: Neighbour, these: Sequence[AlbumToAdopt], *, only_ask: bool) -> list[AlbumChanged]:
    told: list[AlbumChanged] = []
    for part in _parts(sorted(these, key=_name), _name):
        body = AlbumsToAdopt(albums=part, only_ask=only_ask)
        answer = await _ask(catalog, "/internal/albums/adopt", body, AlbumsDiffer)
        told += AdoptedAlbums.model_validate(answer).albums
    return told


async def _ask(owner: Neighbour, path: str, body: BaseModel, differ: type[Conflict]) -> Any:
    try:
        return await owner.post(path, body.model_dump(mode="json"))
    except Conflict as error:
        raise differ(str(error)) from error


def _name(album: AlbumToAdopt) -> str:
    return album_key(album.title, album.artist)


def _parts(these: Sequence[T], name: Callable[[T], object]) -> Iterator[list[T]]:
    """As many as are asked at once in each; neighbours of one name, whom an owner may take for one, stay together."""
    part: list[T] = []
    for each in these:
        if len(part) >= ASKED_AT_ONCE and name(each) != name(part[-1]):
            yield part
            part = []
        part.append(each)
    if part:
        yield part
