"""What the identity service accepts, answers and announces."""

from datetime import datetime
from typing import ClassVar, Literal

from pydantic import Field, model_validator

from contracts.event import Event, Message, Request
from contracts.ids import Snowflake, UserId
from contracts.privacy import Privacy, PrivacyIn
from contracts.text import Name, Reason, Url

WREN = {"discord_id": "175928847299117063", "display_name": "Wren"}
STRANGER = {"discord_id": "402196385170751498", "display_name": "Somebody"}
OSKAR = {"discord_id": "311927640175575043", "display_name": "Oskar P."}
USER, OTHER_USER = "019ab6e1-1111-7111-8111-111111111111", "019ab6e1-2222-7222-8222-222222222222"

# A person in an address: a user id, a handle, or whoever asks.
ADDRESS = r"^(?:me|@[A-Za-z0-9_.-]{2,32}|[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})$"

Provider = Literal["discord", "spotify", "lastfm", "listenbrainz"]
Kind = Literal["anonymous", "user", "bot", "worker", "admin", "service"]


class DiscordProfile(Request, json_schema_extra={"examples": [{"display_name": "Wren"}]}):
    """What Discord shows of a person; what is left out stays as it is."""

    display_name: Name | None = None
    avatar_url: Url | None = None


class UserIn(Request, json_schema_extra={"examples": [WREN]}):
    """A person in a body: by Discord id (made when first seen) or by user id. Exactly one of the two."""

    discord_id: Snowflake | None = None
    display_name: Name | None = None
    avatar_url: Url | None = None
    user_id: UserId | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> "UserIn":
        if (self.discord_id is None) == (self.user_id is None):
            raise ValueError("Name the user by discord_id or by user_id, one of the two.")
        if self.user_id is not None and (self.display_name is not None or self.avatar_url is not None):
            raise ValueError("display_name and avatar_url go with a discord_id.")
        return self


class UsersToMeet(Request):
    users: list[UserIn] = Field(min_length=1, max_length=500)


class UserToAdopt(Request):
    """A person who comes from elsewhere with the id they have there."""

    id: UserId
    discord_id: Snowflake | None = None
    display_name: Name
    handle: Name | None = None
    avatar_url: Url | None = None
    privacy: PrivacyIn = PrivacyIn()


class UsersToAdopt(Request):
    """`only_ask`: say whether it could be done, and do nothing."""

    users: list[UserToAdopt] = Field(min_length=1, max_length=500)
    only_ask: bool = False


class Person(Message):
    """A person in an answer. `discord_id` is shown to bots, workers and admins only."""

    id: UserId
    display_name: str
    handle: str | None = None
    avatar_url: str | None = None
    discord_id: str | None = None


class User(Person):
    created_at: datetime
    updated_at: datetime


class Principal(Message):
    """Whom a credential stands for, what it may do, and until when it does at the longest.

    `credential` names it without telling it: `key:…`, `session:…`, `client:…`.
    """

    id: str
    kind: Kind
    scopes: list[str] = Field(default_factory=list)
    credential: str | None = None
    expires_at: datetime | None = None


class Credential(Request):
    """What the gateway was shown, exactly one: an API key, the cookie of a session, or an access token."""

    key: str | None = None
    session: str | None = None
    token: str | None = None

    @model_validator(mode="after")
    def _one(self) -> "Credential":
        if sum(each is not None for each in (self.key, self.session, self.token)) != 1:
            raise ValueError("Show one credential.")
        return self


class UserChanged(Event):
    """A person as they now are."""

    topic: ClassVar[str] = "identity.user.changed"
    consumers: ClassVar[tuple[str, ...]] = ("club.copy_member", "listening.copy_user", "taste.copy_user")

    user_id: UserId
    display_name: str
    handle: str | None
    avatar_url: str | None
    discord_id: str | None
    timezone: str | None = None
    privacy: Privacy = Privacy()


class UserMerged(Event):
    """Somebody who turned out to be somebody else: whatever is told of `user_id` is the survivor's, for ever."""

    topic: ClassVar[str] = "identity.user.merged"
    consumers: ClassVar[tuple[str, ...]] = ("club.merge_member", "listening.merge_user", "taste.merge_user")

    user_id: UserId
    survivor_id: UserId


class UsersToMerge(
    Request,
    json_schema_extra={"examples": [{"from": USER, "into": OTHER_USER, "reason": "Both are Wren."}]},
):
    """`from` becomes another name of `into`, for ever."""

    old: UserId = Field(alias="from")
    into: UserId
    reason: Reason


class MetUsers(Message):
    """Everybody of the request as announced, in its order; nobody where a user id is nobody's."""

    users: list[UserChanged | None]


class AdoptedUsers(Message):
    """Everybody of the request who is there now, as announced, in its order."""

    users: list[UserChanged]
