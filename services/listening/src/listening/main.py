"""The listening service."""

from chassis.bus import Up
from chassis.db import Database
from chassis.service import service
from listening.albums.consumers import consumer as albums
from listening.artists.consumers import consumer as artists
from listening.clubs.api import router as clubs
from listening.clubs.completing import announcer as completions
from listening.clubs.consumers import consumer as club
from listening.exporting.consumers import consumer as exports
from listening.history.api import router as history
from listening.imports.api import reading as imports
from listening.imports.api import router as importing
from listening.imports.work import keep_importing
from listening.ingest.api import router as ingest
from listening.ingest.retention import keep_compacting
from listening.lastfm.api import install as install_lastfm
from listening.lastfm.api import router as lastfm
from listening.listenbrainz.api import router as listenbrainz
from listening.listeners.api import router as listeners
from listening.models import ListeningTable
from listening.names.consumers import consumer as names
from listening.names.mapping import keep_mapping
from listening.reading.api import router as reading
from listening.sums.announcer import announcer as days
from listening.sums.announcing import keep_telling
from listening.sync.announcement import announcer as syncs
from listening.sync.consumers import consumer as links
from listening.sync.internal import router as syncing
from listening.sync.own import router as own_sync
from listening.sync.work import keep_syncing
from listening.users.consumers import consumer as users
from listening.users.internal import router as internal


async def _sync(db: Database, up: Up) -> None:
    await keep_syncing(db, up, app.state.neighbours["identity"])


app = service(
    "listening",
    metadata=ListeningTable.metadata,
    routers=[
        ingest,
        importing,
        imports,
        history,
        reading,
        clubs,
        listeners,
        own_sync,
        syncing,
        internal,
        listenbrainz,
        lastfm,
    ],
    consumers=[users, albums, artists, exports, names, club, links],
    announcers=[days, completions, syncs],
    neighbours=["identity"],
    loops={
        "mapping": keep_mapping,
        "telling": keep_telling,
        "importing": keep_importing,
        "syncing": _sync,
        "compacting": keep_compacting,
    },
)
install_lastfm(app)
