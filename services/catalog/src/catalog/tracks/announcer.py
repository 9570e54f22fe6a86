"""Says again which tracks the messy ones are."""

from catalog.models import MessyTrack
from catalog.tracks.store import mapped
from chassis.announcer import Announcer
from contracts.tracks import TrackMapped

announcer = Announcer(TrackMapped, MessyTrack, mapped)
