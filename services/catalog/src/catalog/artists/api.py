"""Artists over HTTP."""

from catalog.artists.details import details
from catalog.artists.store import known_artist
from chassis.db import Read
from chassis.http import router as routes
from chassis.tokens import SignedCaller
from contracts.artists import ArtistDetails
from contracts.ids import ArtistId

router = routes(prefix="/music/artists", tags=["artists"])


@router.get("/{artist_id}")
async def read_artist(artist_id: ArtistId, _: SignedCaller, tx: Read) -> ArtistDetails:
    """One artist, with all that is known of them."""
    return await details(tx, await known_artist(tx, artist_id))
