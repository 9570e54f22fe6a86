"""The catalog service."""

from catalog.albums.announcer import announcer
from catalog.albums.api import internal
from catalog.albums.api import router as albums
from catalog.artists.api import router as artists
from catalog.journal import journal
from catalog.models import CatalogTable
from catalog.search.api import router as search
from catalog.tracks.api import router as tracks
from chassis.service import service

app = service(
    "catalog",
    metadata=CatalogTable.metadata,
    routers=[albums, artists, tracks, search, internal],
    announcers=[announcer, journal.announcer],
)
