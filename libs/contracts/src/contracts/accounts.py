"""Accounts elsewhere that people link: what identity accepts, answers and announces of them."""

from datetime import datetime
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from contracts.event import Event, Message, Request
from contracts.identity import Provider
from contracts.ids import UserId
from contracts.syncing import SyncError

LinkStatus = Literal["ok", "expiring", "needs_relink", "unlinked"]

UserToken = Annotated[str, Field(pattern=r"^[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$")]


class ListenBrainzToken(Request, json_schema_extra={"examples": [{"token": "8c1a9f0e-5d43-4c0b-9a57-2f8f0d3f6b21"}]}):
    """The user token of one's ListenBrainz settings page."""

    token: UserToken


class Authorization(Message):
    """Where to send the member's browser, within ten minutes."""

    authorize_url: str


class Link(Message):
    """An account that somebody has linked. What opens it is never shown."""

    id: UUID
    provider: Provider
    account: str = Field(description="The account's id at the provider; for Last.fm and ListenBrainz the user name.")
    status: LinkStatus = Field(
        description="`expiring`: link it again within a month; `needs_relink`: the provider has ended it."
    )
    scopes: list[str]
    linked_at: datetime
    authorized_at: datetime | None
    expires_at: datetime | None = Field(description="When the provider ends the authorisation by itself.")
    last_sync_at: datetime | None = Field(description="When what was listened to there was last fetched.")
    sync_error: SyncError | None = Field(default=None, description="Why it could not be fetched since.")


class UsableToken(Message):
    """What a worker may use at the provider, for the next minute at least."""

    provider: Provider
    account: str
    access_token: str
    scopes: list[str]
    expires_at: datetime | None = Field(description="Null for one that lives until it is revoked.")


class LinkChanged(Event):
    """A linked account as it now is. `unlinked` is its tombstone, after which somebody may link it again."""

    topic: ClassVar[str] = "identity.link.changed"
    consumers: ClassVar[tuple[str, ...]] = ("listening.follow_link",)

    link_id: UUID
    user_id: UserId
    provider: Provider
    account: str
    status: LinkStatus
    scopes: list[str]
    linked_at: datetime
    authorized_at: datetime | None
