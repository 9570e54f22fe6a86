"""Search over HTTP."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from fastapi import Query
from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from catalog.albums.answers import album_of
from catalog.models import Album, Artist, Track
from catalog.search.store import find
from catalog.tracks.answers import track_of
from chassis.db import Read
from chassis.http import router as routes
from chassis.paging import Cursor, Limit, decode_cursor, encode_cursor
from chassis.tokens import SignedCaller
from contracts import catalog, text
from contracts.paging import Page

router = routes(prefix="/music", tags=["search"])

Words = Annotated[text.Query, Query(description="A few words of a title and its artists, or their beginnings.")]
Kind = Annotated[Literal["album", "artist", "track"], Query(alias="type")]
Hit = catalog.Album | catalog.Artist | catalog.Track

PIECES: dict[str, tuple[Select[Any], Callable[[Any], Hit]]] = {
    "album": (select(Album).options(selectinload(Album.credits)), album_of),
    "artist": (select(Artist), catalog.Artist.model_validate),
    "track": (select(Track).options(selectinload(Track.credits)), track_of),
}


@router.get("/search")
async def search(
    q: Words, _: SignedCaller, tx: Read, kind: Kind = "album", limit: Limit = 20, cursor: Cursor = None
) -> Page[Hit]:
    """Albums, artists or tracks that match, best first; accents and small slips do not matter."""
    whole, answer = PIECES[kind]
    # A rank is no address to continue from: it is counted instead.
    (seen,) = decode_cursor(cursor, int) if cursor else (0,)
    found = await find(tx, whole, q, seen, limit + 1)
    more = encode_cursor(seen + limit) if len(found) > limit else None
    return Page(items=[answer(row) for row in found[:limit]], next_cursor=more)
