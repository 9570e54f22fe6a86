"""What is read from the short forms that members type on Discord."""

from typing import Annotated

from pydantic import Field

from contracts.catalog import AlbumLink, Year
from contracts.event import Message, Request
from contracts.ratings import Rating
from contracts.refs import Tags
from contracts.text import Pitch, Review, Tidy, Title, Url

Typed = Annotated[str, Tidy, Field(min_length=1, max_length=4000)]
Confidence = Annotated[
    float, Field(ge=0, le=1, description="1 where the form was kept to; below 0.5, ask before you believe it.")
]

NOMINATION = """Blue — Joni Mitchell (1971)
Why?: Ten songs that sound as if nobody was meant to overhear them.
Pitch track: A Case of You
Tags (Genre / Decade / Country): folk / 70s / Canada"""
RATING = """Rating (1.0\u20135.0): 4,5
Favourite track: A Case of You
I have worn out two copies."""


class TypedNomination(Request, json_schema_extra={"examples": [{"text": NOMINATION}]}):
    """A message as it was typed."""

    text: Typed


class TypedRating(Request, json_schema_extra={"examples": [{"text": RATING}]}):
    """A message as it was typed."""

    text: Typed


class Doubt(Message):
    """What was left aside, or taken with a guess, and why in a sentence to whoever typed it."""

    text: Typed
    why: str


class ParsedAlbum(Message):
    """An album as a body can describe it."""

    title: Title
    artist: Title
    year: Year | None = None
    url: AlbumLink | None = None


class ParsedNomination(Message):
    """`album` is null where no title and artist are found."""

    album: ParsedAlbum | None
    pitch: Pitch | None
    pitch_track: Title | None
    pitch_track_url: Url | None
    tags: Tags
    confidence: Confidence
    not_understood: list[Doubt]


class ParsedRating(Message):
    """`rating` is null where none is found; `review` is all that is neither rating nor favourite track."""

    rating: Rating | None
    favorite_track: Title | None
    review: Review | None
    confidence: Confidence
    not_understood: list[Doubt]
