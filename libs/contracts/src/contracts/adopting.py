"""Albums that come from elsewhere with the ids that they have there."""

from pydantic import Field

from contracts.catalog import AlbumChanged, ReleaseGroup, Year
from contracts.event import Message, Request
from contracts.ids import AlbumId, ArtistId, SpotifyId
from contracts.text import CoverUrl, Title


class AdoptedCredit(Request):
    id: ArtistId
    name: Title


class AlbumToAdopt(Request):
    """An album that comes from elsewhere with the id it has there."""

    id: AlbumId
    title: Title
    artist: Title
    artists: list[AdoptedCredit] = Field(min_length=1, max_length=100)
    year: Year | None = None
    mbid: ReleaseGroup | None = None
    spotify_id: SpotifyId | None = None
    cover_url: CoverUrl | None = None


class AlbumsToAdopt(Request):
    """Those of one request may be alike. `only_ask`: say whether it could be done, and do nothing."""

    albums: list[AlbumToAdopt] = Field(min_length=1, max_length=500)
    only_ask: bool = False


class AdoptedAlbums(Message):
    """Every album of the request that is there now, as announced, in its order."""

    albums: list[AlbumChanged]
