"""Albums as others see them."""

from catalog.albums.rules import front_cover
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
        cover_url=row.cover_url or front_cover(row.mbid),
    )


def changed(row: Album) -> AlbumChanged:
    """The whole state, as it is announced and as neighbours copy it."""
    state = album_of(row).model_dump(exclude={"id"})
    return AlbumChanged(album_id=row.id, version=row.version, updated_at=row.updated_at, **state)
