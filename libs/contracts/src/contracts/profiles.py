"""What the identity service accepts and answers about profiles."""

from typing import Annotated

from pydantic import Field

from contracts.clubs import Zone
from contracts.event import Request
from contracts.identity import User
from contracts.privacy import Privacy, PrivacyIn
from contracts.text import Name, Tidy, Url

Bio = Annotated[str, Tidy, Field(min_length=1, max_length=500)]
# What may be one, identity's rules say: a handle is also refused for being reserved, or somebody's.
Handle = Annotated[str, Tidy, Field(min_length=2, max_length=32)]


class ProfileChange(
    Request,
    json_schema_extra={
        "examples": [
            {"handle": "wren", "bio": "Mostly folk.", "timezone": "Europe/Berlin", "privacy": {"taste": "members"}}
        ]
    },
):
    """What is left out stays. Null empties handle, bio and time zone, and leaves name and picture to Discord again."""

    handle: Handle | None = None
    display_name: Name | None = None
    avatar_url: Url | None = None
    bio: Bio | None = None
    timezone: Zone | None = None
    privacy: PrivacyIn = PrivacyIn()


class Profile(User):
    """A person with what they say of themself, and how many follow whom.

    `privacy` is shown to themself and to admins; `followed_by_you` is null for strangers, programs and themself.
    """

    bio: str | None
    timezone: str | None
    privacy: Privacy | None = None
    followers: int = 0
    following: int = 0
    followed_by_you: bool | None = None


class ChangedProfile(Profile):
    """`pending` are the services that could not be told yet that somebody shows less than before; they soon will be."""

    pending: list[str] = Field(default_factory=list)
