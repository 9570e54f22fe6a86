"""Named ids: UUIDv7 made by the owner, strings on the wire."""

from typing import Annotated, NewType
from uuid import UUID

from pydantic import Field

AlbumId = NewType("AlbumId", UUID)
ArtistId = NewType("ArtistId", UUID)
ClubId = NewType("ClubId", UUID)
NominationId = NewType("NominationId", UUID)
TrackId = NewType("TrackId", UUID)
UserId = NewType("UserId", UUID)
WeekId = NewType("WeekId", UUID)

# A string always: as a number, JavaScript would round it.
Snowflake = Annotated[str, Field(pattern=r"^[1-9][0-9]{0,19}$", examples=["175928847299117063"])]
SpotifyId = Annotated[str, Field(pattern=r"^[0-9A-Za-z]{22}$", examples=["7D2NdGvBHIavgLhmcwhluK"])]
