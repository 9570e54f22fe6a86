"""Says again which ids mean another album or artist, and which no longer do."""

from catalog.merging.redirects import album_states, artist_states
from catalog.models import AlbumAlias, ArtistAlias
from chassis.announcer import Announcer
from contracts.merging import AlbumMerged, ArtistMerged

album_announcer = Announcer(AlbumMerged, AlbumAlias, album_states)
artist_announcer = Announcer(ArtistMerged, ArtistAlias, artist_states)
