"""What is known of an album before sources are asked."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from catalog.enrichment.rules import Wanted
from catalog.models import Album, AlbumAlias, ExternalId
from chassis.aliases import survivor_of

ON_SPOTIFY = "https://open.spotify.com/album/"


async def wanted(tx: AsyncSession, album_id: UUID) -> Wanted | None:
    """None for an album that is not there any more, or has turned out to be another."""
    album = await tx.scalar(select(Album).where(Album.id == album_id))
    if album is None or await survivor_of(tx, AlbumAlias, album_id) != album_id:
        return None
    own = (ExternalId.kind == "album", ExternalId.piece_id == album_id)
    known = select(ExternalId).where(*own).order_by(ExternalId.at)
    ids = [(row.source, row.value) for row in await tx.scalars(known)]
    on_spotify = dict.fromkeys([album.spotify_id] if album.spotify_id else [])
    on_spotify |= dict.fromkeys(value for source, value in ids if source == "spotify")
    return Wanted(
        album_id=album.id,
        title=album.title,
        artist=album.artist,
        year=album.year,
        mbid=album.mbid,
        spotify_id=album.spotify_id,
        releases=tuple(UUID(value) for source, value in ids if source == "musicbrainz-release"),
        links=(*(ON_SPOTIFY + each for each in on_spotify), *(value for source, value in ids if source == "url")),
    )


def still_so(wanted: Wanted, album: Album) -> bool:
    """Whether nobody has meanwhile said that it is something else."""
    return (album.title, album.artist, album.mbid, album.spotify_id) == (
        wanted.title,
        wanted.artist,
        wanted.mbid,
        wanted.spotify_id,
    )
