"""What the catalogue answers of an artist."""

from datetime import datetime

from pydantic import Field

from contracts.catalog import Artist, OtherName, Tagging


class ArtistDetails(Artist):
    """All that is known of an artist. What only sources tell is empty until they were asked, and found to know it."""

    kind: str | None = Field(default=None, examples=["Person"])
    begun: str | None = Field(default=None, description="A year, a month or a day.", examples=["1943-11-07"])
    ended: str | None = None
    aliases: list[OtherName]
    genres: list[Tagging]
    tags: list[Tagging]
    enriched_at: datetime | None = None
