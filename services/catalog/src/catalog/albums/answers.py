"""Albums as others see them."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from catalog.albums.rules import cover
from catalog.albums.traits import traits
from catalog.credits import told
from catalog.models import Album
from contracts import catalog
from contracts.catalog import AlbumChanged


def album_of(row: Album) -> catalog.Album:
    """`row` with its credits loaded."""
    return catalog.Album(
        id=row.id,
        title=row.title,
        artist=row.artist,
        artists=told(row.credits),
        year=row.year,
        mbid=row.mbid,
        spotify_id=row.spotify_id,
        cover_url=cover(row),
    )


async def changed(tx: AsyncSession, row: Album) -> AlbumChanged:
    """The whole state, as it is announced and as neighbours copy it."""
    return (await states(tx, [row]))[0]


async def states(tx: AsyncSession, rows: Sequence[Album]) -> list[AlbumChanged]:
    """The same of many, each with its credits loaded."""
    known = await traits(tx, [row.id for row in rows])
    return [
        AlbumChanged(
            **album_of(row).model_dump(exclude={"id"}),
            album_id=row.id,
            version=row.version,
            updated_at=row.updated_at,
            countries=known[row.id].countries,
            genres=known[row.id].genres,
            genre_parents=known[row.id].genre_parents,
            mood=known[row.id].mood,
            features=known[row.id].features,
            tracks=known[row.id].tracks,
        )
        for row in rows
    ]
