"""All that is known of an artist: other names, genres, where and when they are from."""

from sqlalchemy.ext.asyncio import AsyncSession

from catalog.described import genres_and_tags, other_names
from catalog.models import Artist
from contracts import catalog
from contracts.artists import ArtistDetails


async def details(tx: AsyncSession, artist: Artist) -> ArtistDetails:
    genres, tags = await genres_and_tags(tx, "artist", artist.id)
    return ArtistDetails(
        **catalog.Artist.model_validate(artist).model_dump(),
        kind=artist.kind,
        begun=artist.begun,
        ended=artist.ended,
        aliases=await other_names(tx, "artist", artist.id),
        genres=genres,
        tags=tags,
        enriched_at=artist.enriched_at,
    )
