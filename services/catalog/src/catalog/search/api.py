"""Search over HTTP."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from fastapi import Depends, Query, Request
from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from catalog.albums.answers import album_of
from catalog.models import Album, Artist, Track
from catalog.search.remote import Heard, ask, unknown
from catalog.search.store import find
from catalog.sources.settings import SourceSettings
from catalog.tracks.answers import track_of
from chassis.db import Read
from chassis.errors import Invalid, Unauthenticated
from chassis.http import router as routes
from chassis.paging import Cursor, Limit, decode_cursor, encode_cursor
from chassis.tokens import SignedCaller
from contracts import catalog, text
from contracts.search import Found, Hit

router = routes(prefix="/music", tags=["search"])

Words = Annotated[text.Query, Query(description="A few words of a title and its artists, or their beginnings.")]
Kind = Annotated[Literal["album", "artist", "track"], Query(alias="type")]
AskRemote = Annotated[bool, Query(description="Whether to ask MusicBrainz and Spotify, too.")]


class OnlyAlbums(Invalid):
    sentence = "Only albums are looked for elsewhere."


PIECES: dict[str, tuple[Select[Any], Callable[[Any], Hit]]] = {
    "album": (select(Album).options(selectinload(Album.credits)), album_of),
    "artist": (select(Artist), catalog.Artist.model_validate),
    "track": (select(Track).options(selectinload(Track.credits), selectinload(Track.placements)), track_of),
}


async def _heard(
    *, request: Request, q: Words, caller: SignedCaller, kind: Kind = "album", remote: AskRemote = False
) -> Heard | None:
    """Before there is a transaction."""
    if not remote:
        return None
    if caller.kind == "anonymous":
        raise Unauthenticated
    if kind != "album":
        raise OnlyAlbums
    return await ask(request.app.state.db, SourceSettings(), q)


@router.get("/search")
async def search(  # noqa: PLR0913 — what may be asked
    *,
    q: Words,
    heard: Annotated[Heard | None, Depends(_heard)],
    _: SignedCaller,
    tx: Read,
    kind: Kind = "album",
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Found:
    """Albums, artists or tracks that match, best first; accents and small slips do not matter.

    `remote=true`, for whoever is signed in, asks MusicBrainz and Spotify, too: albums that are not here yet.
    """
    whole, answer = PIECES[kind]
    # A rank is no address to continue from: it is counted instead.
    (seen,) = decode_cursor(cursor, int) if cursor else (0,)
    found = await find(tx, whole, q, seen, limit + 1)
    more = encode_cursor(seen + limit) if len(found) > limit else None
    items = [answer(row) for row in found[:limit]]
    if heard is None:
        return Found(items=items, next_cursor=more)
    return Found(items=items, next_cursor=more, remote=await unknown(tx, heard.albums), away=heard.away)
