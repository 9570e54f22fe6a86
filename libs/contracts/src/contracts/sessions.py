"""What the identity service accepts and answers of those who sign in, and announces of those who no longer may."""

from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from pydantic import BeforeValidator, Field, SecretStr, StringConstraints

from contracts.event import Event, Message, Request
from contracts.identity import User
from contracts.ids import UserId
from contracts.text import Name, Tidy, tidy

SignInMethod = Literal["password", "discord", "spotify"]
GivenHandle = Annotated[str, StringConstraints(min_length=1, max_length=64), Tidy]


def _spelt(value: Any) -> Any:
    # As it was typed, but for what cannot be text at all.
    if isinstance(value, str):
        tidy(value)
    return value


# Its bounds are the rule's to tell: a problem document must not quote what was sent.
GivenPassword = Annotated[SecretStr, Field(min_length=1, max_length=1000), BeforeValidator(_spelt)]


class NewAccount(
    Request,
    json_schema_extra={"examples": [{"handle": "wren", "password": "four words of one's own", "display_name": "Wren"}]},
):
    """A password is 10 to 200 characters. Without a display name one is called by the handle."""

    handle: GivenHandle
    password: GivenPassword
    display_name: Name | None = None


class LocalLogin(Request, json_schema_extra={"examples": [{"handle": "wren", "password": "four words of one's own"}]}):
    handle: GivenHandle
    password: GivenPassword


class NewPassword(
    Request, json_schema_extra={"examples": [{"current": "four words of one's own", "new": "five words of one's own"}]}
):
    current: GivenPassword
    new: GivenPassword


class TokenGrant(
    Request,
    json_schema_extra={
        "examples": [{"grant_type": "password", "handle": "wren", "password": "four words of one's own"}]
    },
):
    """`password` brings handle and password, and perhaps the name of the client; `refresh_token` the refresh token."""

    grant_type: Literal["password", "refresh_token"]
    handle: GivenHandle | None = None
    password: GivenPassword | None = None
    client_name: Name | None = None
    refresh_token: Annotated[SecretStr, Field(min_length=1, max_length=200), BeforeValidator(_spelt)] | None = None


class TokenPair(Message):
    """`access_token` is a JWT for `expires_in` seconds; the refresh token is used once, for the next pair."""

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int
    refresh_token: str


class SignedIn(Message):
    """Who this browser is signed in as; nobody: `signed_in` is false and the rest null."""

    signed_in: bool
    user: User | None = None
    method: SignInMethod | None = None
    expires_at: datetime | None = None


class SessionShown(Message):
    """A browser, or an API client, that is signed in as oneself. `current`: the one that asks."""

    id: UUID
    kind: Literal["browser", "client"]
    method: SignInMethod | None = None
    name: str | None = None
    user_agent: str | None = None
    address: str | None = None
    created_at: datetime
    seen_at: datetime | None = None
    expires_at: datetime
    current: bool


class SessionList(Message):
    items: list[SessionShown]


class AccessRevoked(Event):
    """A credential (`session:…`, `client:…`, `key:…`), or all of a user's, is no longer to be believed.

    Every process of the gateway hears it, and forgets what it remembers of them.
    """

    topic: ClassVar[str] = "identity.access.revoked"
    broadcast: ClassVar[bool] = True

    credential: str | None
    user_id: UserId | None
