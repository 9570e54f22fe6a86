"""What the taste service answers of two people."""

from typing import Literal

from pydantic import Field

from contracts.event import Message
from contracts.ids import AlbumId, ArtistId, TrackId, UserId

PartName = Literal["artists", "genres", "ratings", "mood", "decades"]


class PartEvidence(Message):
    """How many artists, genres, ratings, axes or decades both have, and the weightiest of them by name."""

    count: int
    names: list[str]


class CompatibilityPart(Message):
    """What is compared: `value` from 0 to 1, by its `weight`, makes `contribution` points of the score.

    Weights are parts of 1 among the parts that there is evidence for.
    """

    name: PartName
    weight: float
    value: float
    contribution: float
    confidence: float
    evidence: PartEvidence


class SharedArtist(Message):
    """`share` is the mean of the two shares."""

    id: ArtistId
    name: str
    share: float


class SharedAlbum(Message):
    id: AlbumId
    title: str
    artist: str
    share: float


class SharedTrack(Message):
    id: TrackId
    title: str
    artist: str
    share: float


class RatingsAgreement(Message):
    """Of the weeks both rated: how many, how many alike, how far apart on average, and Spearman's correlation.

    The correlation is null for less than three weeks, or where one of the two rated all alike.
    """

    weeks: int
    same: int
    mean_difference: float
    rank_correlation: float | None


class Compatibility(Message):
    """How alike two people's tastes are, and why; the same whoever is named first.

    The score goes from 0 to 100, which one has with oneself. It is null, and the confidence 0, where of what the reader
    may see of both no artist, no genre and no rated week is shared. `explanations` are in the order of the weights.
    """

    users: list[UserId] = Field(description="Both, in the order of their ids.")
    score: float | None
    confidence: float
    formula_version: int
    parts: list[CompatibilityPart]
    shared_artists: list[SharedArtist]
    shared_albums: list[SharedAlbum]
    shared_tracks: list[SharedTrack]
    ratings_agreement: RatingsAgreement | None
    explanations: list[str]
    inputs_hash: str
