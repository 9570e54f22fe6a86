"""Resolving over HTTP: for everyone, like a search."""

from catalog.albums.answers import album_of
from catalog.albums.store import albums_by_id
from catalog.resolve.resolve import resolve
from chassis.db import Read
from chassis.http import router as routes
from chassis.tokens import SignedCaller
from contracts.paging import Page
from contracts.resolving import AlbumQuestion, Candidate

router = routes(prefix="/music/resolve", tags=["albums"])


@router.post("")
async def resolve_album(question: AlbumQuestion, _: SignedCaller, tx: Read) -> Page[Candidate]:
    """The albums that may be meant, likeliest first, at most ten. Nothing is written and nobody else is asked."""
    matches = await resolve(tx, question)
    albums = await albums_by_id(tx, [match.id for match in matches])
    return Page(
        items=[
            Candidate(
                album=album_of(albums[match.id]),
                confidence=match.confidence,
                matched=[*match.matched],
                differs=[*match.differs],
            )
            for match in matches
        ]
    )
