"""What the identity service answers and announces about who follows whom."""

from datetime import datetime
from typing import ClassVar

from contracts.event import Event, Message
from contracts.identity import Person
from contracts.ids import UserId


class PersonSince(Message):
    """A person, and since when they follow, are followed, or are blocked."""

    user: Person
    since: datetime


class FollowChanged(Event):
    """Whether one person follows another, as it now is; `since` is when they last began to."""

    topic: ClassVar[str] = "identity.follow.changed"

    follower_id: UserId
    followed_id: UserId
    following: bool
    since: datetime
