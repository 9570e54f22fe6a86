"""Says again how the albums are."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from catalog.albums.answers import changed
from catalog.albums.store import whole_albums
from catalog.models import Album
from chassis.announcer import Announcer
from contracts.catalog import AlbumChanged


async def _as_they_are(tx: AsyncSession, rows: Sequence[Album]) -> list[AlbumChanged]:
    ids = [row.id for row in rows]
    albums = await tx.scalars(whole_albums().where(Album.id.in_(ids)).execution_options(populate_existing=True))
    return [changed(album) for album in albums]


announcer = Announcer(AlbumChanged, Album, _as_they_are)
