"""What the identity service answers about what people do."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from contracts.event import Message
from contracts.identity import Person
from contracts.ids import AlbumId, ClubId, NominationId, WeekId
from contracts.ratings import Rating

Act = Literal["rated", "nominated", "won", "followed", "listened"]


class Activity(Message):
    """Something that somebody did. What it is about depends on its kind: what does not apply is null.

    `at` is when others could first see it; a rating that is changed is there with its last change.
    """

    id: UUID
    kind: Act
    at: datetime
    user: Person
    club_id: ClubId | None = None
    week_id: WeekId | None = None
    album_id: AlbumId | None = None
    nomination_id: NominationId | None = None
    rating: Rating | None = None
    followed: Person | None = None
