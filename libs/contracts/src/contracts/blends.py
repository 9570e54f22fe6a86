"""A playlist made of what several people play, in turns."""

from pydantic import Field

from contracts.event import Message
from contracts.ids import TrackId
from contracts.taste_club import Member


class BlendTrack(Message):
    """Whose turn it was, and why it is there."""

    id: TrackId
    title: str
    artist: str
    whose: Member
    why: str


class Blend(Message):
    """Tracks in turns: as many of each person as they have, none of whom has two more turns than another who has more.

    `silent` are those of whom nothing is known, or who do not show this reader what they listen to.
    """

    users: list[Member]
    silent: list[Member]
    tracks: list[BlendTrack] = Field(description="Nobody's artist twice in a row, where another is left.")
