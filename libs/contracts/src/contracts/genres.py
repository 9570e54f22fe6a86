"""What the catalogue answers of genres."""

from typing import Literal

from pydantic import Field

from contracts.event import Message

TRIP_HOP = {
    "name": "trip hop",
    "parents": ["electronic", "hip hop"],
    "children": [],
    "mood": {
        "energy": 0.35,
        "valence": 0.3,
        "electronic": 0.75,
        "density": 0.45,
        "inherited_from": [],
        "basis": "estimate",
    },
}
FOLK = {"name": "folk", "parents": []}


class PlacedGenre(Message):
    name: str
    parents: list[str]


class GenreTree(
    Message,
    json_schema_extra={
        "examples": [{"roots": ["folk"], "genres": [FOLK, {"name": "indie folk", "parents": ["folk"]}]}]
    },
):
    """Every genre once; it may be of several kinds, so this is a tree with more than one way to some of its leaves."""

    roots: list[str]
    genres: list[PlacedGenre]


class Mood(Message):
    """Each axis from 0 to 1: calm to energetic, sad to happy, acoustic to electronic, sparse to dense.

    An estimate by ear and convention, not a measurement.
    """

    energy: float = Field(ge=0, le=1)
    valence: float = Field(ge=0, le=1)
    electronic: float = Field(ge=0, le=1)
    density: float = Field(ge=0, le=1)
    basis: Literal["estimate"] = "estimate"


class MoodEstimate(Mood):
    """That of a genre; `inherited_from` are the nearest ancestors it is the mean of, where it has none of its own."""

    inherited_from: list[str] = Field(default_factory=list)


class AlbumMood(Mood):
    """The mean of its genres' moods by their weights; `coverage` is which part of the weights has one."""

    coverage: float = Field(ge=0, le=1)


class Genre(Message, json_schema_extra={"examples": [TRIP_HOP]}):
    name: str
    parents: list[str]
    children: list[str]
    mood: MoodEstimate | None
