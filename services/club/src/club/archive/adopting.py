"""People and albums of an export, made known to those who own them before anything of the club is written."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.client import Neighbour, neighbour
from chassis.departures import gone
from chassis.errors import Conflict
from club.albums import store as albums
from club.archive import store
from club.archive.reading import SentExport
from club.archive.rules import AlbumsDiffer, PeopleDiffer
from club.members import store as members
from club.merging.taking import ensure_members
from contracts.adopting import AdoptedAlbums, AlbumsToAdopt, AlbumToAdopt
from contracts.archive import ExportedPerson
from contracts.catalog import AlbumChanged
from contracts.clubs import Slug
from contracts.identity import AdoptedUsers, UserChanged, UsersToAdopt, UserToAdopt
from contracts.ids import UserId
from contracts.naming import album_key

T = TypeVar("T")

# What an owner answers well within the time that a call may take.
ASKED_AT_ONCE = 100


@dataclass(frozen=True)
class Adopted:
    """What the owners say of the people and albums of an export, now that they know them.

    `former` are the export's own; the `absent` identity does not let in again: they have left.
    """

    people: Sequence[UserChanged]
    former: Sequence[ExportedPerson]
    absent: Sequence[UserId]
    albums: Sequence[AlbumChanged]

    async def settle(self, tx: AsyncSession) -> list[UserId]:
        """Let them have rows in the club's copies; take the club first, as everybody does. Who of them has left."""
        await members.keep_all(tx, self.people)
        await members.keep_former(tx, self.former)
        await ensure_members(tx, self.absent)
        await albums.keep_all(tx, self.albums)
        # Asked once their rows are made, for which whoever lets them leave would have waited.
        return sorted({*self.absent, *await gone(tx, [person.user_id for person in self.people])})


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
    former = [person for person in export.people if person.former]
    known = {person.user_id for person in people} | {person.id for person in former}
    absent = [person.id for person in export.people if person.id not in known]
    return Adopted(people, former, absent, await _albums(catalog, export.albums, only_ask=False))


AdoptedExport = Annotated[Adopted, Depends(_adopted)]


async def _people(identity: Neighbour, people: Sequence[ExportedPerson], *, only_ask: bool) -> list[UserChanged]:
    told: list[UserChanged] = []
    theirs = [UserToAdopt.model_validate(each.model_dump(exclude={"former"})) for each in people if not each.former]
    for part in _parts(theirs, lambda person: person.id):
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
