"""The listening schema: who listens, what sources said, what was played, and the sums of it."""

from listening.models.base import ListeningTable
from listening.models.club import Completion, Nomination, Rating, Week
from listening.models.copies import Album, AlbumAlias, ArtistAlias, Mapping, User, UserAlias
from listening.models.imports import Import, ImportPart
from listening.models.names import MessyTrack, PieceName
from listening.models.plays import Decision, LatestImport, NowPlaying, Play, Quarantined, Sighting, UserSource
from listening.models.sums import Day, DayTrack, Hour, ItemCount, MonthItem, UserItem
from listening.models.syncing import SyncTask, SyncTurn

__all__ = [
    "Album",
    "AlbumAlias",
    "ArtistAlias",
    "Completion",
    "Day",
    "DayTrack",
    "Decision",
    "Hour",
    "Import",
    "ImportPart",
    "ItemCount",
    "LatestImport",
    "ListeningTable",
    "Mapping",
    "MessyTrack",
    "MonthItem",
    "Nomination",
    "NowPlaying",
    "PieceName",
    "Play",
    "Quarantined",
    "Rating",
    "Sighting",
    "SyncTask",
    "SyncTurn",
    "User",
    "UserAlias",
    "UserItem",
    "UserSource",
    "Week",
]
