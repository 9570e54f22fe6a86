"""Artists over HTTP."""

from catalog.models import Artist
from chassis.db import Read
from chassis.errors import NotFound
from chassis.http import router as routes
from chassis.tokens import SignedCaller
from contracts import catalog
from contracts.ids import ArtistId

router = routes(prefix="/music/artists", tags=["artists"])


class UnknownArtist(NotFound):
    sentence = "There is no such artist."


@router.get("/{artist_id}")
async def read_artist(artist_id: ArtistId, _: SignedCaller, tx: Read) -> catalog.Artist:
    """One artist."""
    artist = await tx.get(Artist, artist_id)
    if artist is None:
        raise UnknownArtist
    return catalog.Artist.model_validate(artist)
