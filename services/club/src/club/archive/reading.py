"""An export as it was sent: read, and checked as far as it can be without the database."""

from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

import orjson
from fastapi import Depends, Request
from pydantic import TypeAdapter, ValidationError

from chassis.tokens import SignedCaller
from club.archive import rules
from club.archive.rules import Row
from club.archive.tables import SHAPES
from club.clubs.rules import check_admin
from contracts.adopting import AlbumToAdopt
from contracts.archive import ExportedClub, ExportedPerson

T = TypeVar("T")

CLUB = TypeAdapter(ExportedClub)
PEOPLE, ALBUMS = TypeAdapter(list[ExportedPerson]), TypeAdapter(list[AlbumToAdopt])


@dataclass(frozen=True)
class Export:
    club: ExportedClub
    people: list[ExportedPerson]
    albums: list[AlbumToAdopt]
    lists: dict[str, list[Row]]


def read_export(sent: bytes, schema: int) -> Export:
    """Raises NoExport, NewerExport, and BrokenExport, which says where."""
    try:
        document = orjson.loads(sent)
    except orjson.JSONDecodeError as error:
        raise rules.NoExport(f"{rules.NoExport.sentence.removesuffix('.')}: {error}.") from error
    older = rules.check_schema(document, schema)
    rules.check_lists(document, SHAPES, older=older)
    export = Export(
        club=_read("club", CLUB, document["club"]),
        people=_read("people", PEOPLE, document["people"]),
        albums=_read("albums", ALBUMS, document["albums"]),
        lists={name: document.get(name, []) for name in SHAPES},
    )
    copies = {
        "people": {(str(each.id),) for each in export.people},
        "albums": {(str(each.id),) for each in export.albums},
    }
    rules.check_references(export.lists, SHAPES, copies)
    return export


def _read(name: str, kind: TypeAdapter[T], given: Any) -> T:
    try:
        return kind.validate_python(given)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        raise rules.broken(name, *first["loc"], why=f"{first['msg']}.") from error


async def _sent(request: Request, caller: SignedCaller) -> Export:
    # Before a byte of the body is taken, which may be large.
    check_admin(caller)
    return read_export(await request.body(), request.app.state.schema.age)


SentExport = Annotated[Export, Depends(_sent)]
