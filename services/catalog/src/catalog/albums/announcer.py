"""Says again how the albums are."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from catalog.albums.answers import states
from catalog.albums.store import whole_albums
from catalog.merging.redirects import standing_albums
from catalog.models import Album
from chassis.announcer import Announcer
from contracts.catalog import AlbumChanged


async def _as_they_are(tx: AsyncSession, rows: Sequence[Album]) -> list[AlbumChanged]:
    # One that was merged is told no more: copies keep how it was when it stood for itself.
    ids = [old for old, now in (await standing_albums(tx, [row.id for row in rows])).items() if old == now]
    albums = await tx.scalars(whole_albums().where(Album.id.in_(ids)).execution_options(populate_existing=True))
    return await states(tx, albums.all())


announcer = Announcer(AlbumChanged, Album, _as_they_are)
