"""The identity schema: people, the accounts they have elsewhere, and the keys of programs."""

from identity.models.acquaintances import Block, Follow
from identity.models.activities import Activity, Heard, Participant, Week
from identity.models.base import IdentityTable
from identity.models.exports import Export, ExportPart
from identity.models.keys import ApiKey, KeyKind, LastFmApplication, LastFmSession, LastFmToken
from identity.models.people import LinkedAccount, User, UserAlias
from identity.models.signing_in import (
    FailedLogins,
    Method,
    OAuthState,
    Password,
    Purpose,
    RefreshToken,
    Session,
    TokenFamily,
)

__all__ = [
    "Activity",
    "ApiKey",
    "Block",
    "Export",
    "ExportPart",
    "FailedLogins",
    "Follow",
    "Heard",
    "IdentityTable",
    "KeyKind",
    "LastFmApplication",
    "LastFmSession",
    "LastFmToken",
    "LinkedAccount",
    "Method",
    "OAuthState",
    "Participant",
    "Password",
    "Purpose",
    "RefreshToken",
    "Session",
    "TokenFamily",
    "User",
    "UserAlias",
    "Week",
]
