"""The catalog service."""

from catalog.albums.announcer import announcer
from catalog.albums.api import internal
from catalog.albums.api import router as albums
from catalog.artists.api import router as artists
from catalog.enrichment.consumers import consumer as nominated
from catalog.enrichment.work import keep_enriching
from catalog.featured.consumers import consumer as featured
from catalog.genres.api import router as genres
from catalog.journal import journal
from catalog.merging.announcer import album_announcer, artist_announcer
from catalog.merging.api import albums as album_merges
from catalog.merging.api import artists as artist_merges
from catalog.models import CatalogTable
from catalog.people.consumers import consumer as people
from catalog.resolve.api import router as resolving
from catalog.search.api import router as search
from catalog.tracks.announcer import announcer as mappings
from catalog.tracks.api import router as tracks
from catalog.tracks.consumers import consumer as met
from chassis.service import service

app = service(
    "catalog",
    metadata=CatalogTable.metadata,
    routers=[albums, artists, tracks, search, resolving, genres, internal, album_merges, artist_merges],
    consumers=[people, nominated, featured, met],
    announcers=[announcer, album_announcer, artist_announcer, mappings, journal.announcer],
    loops={"enrichment": keep_enriching},
)
