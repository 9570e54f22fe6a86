"""The catalog schema: artists, albums, tracks, how they are known elsewhere, and what sources are asked of them."""

from catalog.models.albums import Album, AlbumArtist, Edition
from catalog.models.artists import Artist
from catalog.models.base import CatalogTable, Piece
from catalog.models.enrichment import CachedAnswer, EnrichmentJob, JobState, SourceSlot
from catalog.models.featured import FeaturedWeek
from catalog.models.merges import AlbumAlias, ArtistAlias, Merge
from catalog.models.naming import ExternalId, IdSource, PieceAlias, PieceKind, Tagging, Word
from catalog.models.tracks import MessyTrack, Placement, Track, TrackArtist, TrackFeatures

__all__ = [
    "Album",
    "AlbumAlias",
    "AlbumArtist",
    "Artist",
    "ArtistAlias",
    "CachedAnswer",
    "CatalogTable",
    "Edition",
    "EnrichmentJob",
    "ExternalId",
    "FeaturedWeek",
    "IdSource",
    "JobState",
    "Merge",
    "MessyTrack",
    "Piece",
    "PieceAlias",
    "PieceKind",
    "Placement",
    "SourceSlot",
    "Tagging",
    "Track",
    "TrackArtist",
    "TrackFeatures",
    "Word",
]
