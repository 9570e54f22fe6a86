"""How music sounds, as a source measured it."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from contracts.event import Message

Axis: TypeAlias = Annotated[float, Field(ge=0, le=1)]


class Features(Message):
    """Null is what `source` does not say. Loudness is in decibels, tempo in beats a minute, the rest from 0 to 1."""

    source: str
    basis: Literal["measured"] = "measured"
    energy: Axis | None = None
    valence: Axis | None = None
    acousticness: Axis | None = None
    danceability: Axis | None = None
    instrumentalness: Axis | None = None
    speechiness: Axis | None = None
    liveness: Axis | None = None
    loudness: float | None = None
    tempo: float | None = None


class TrackFeatures(Features):
    """`key` counts semitones from C at 0, `mode` is 1 for major and 0 for minor, `time_signature` beats in a bar."""

    key: int | None = None
    mode: int | None = None
    time_signature: int | None = None


class AlbumFeatures(Features):
    """Means over those of its tracks that have any; `coverage` is which part of its tracks that is."""

    coverage: float = Field(ge=0, le=1)
