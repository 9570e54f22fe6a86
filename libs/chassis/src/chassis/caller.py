"""Who is asking. Plain values: rules may read them."""

from typing import get_args
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from chassis.errors import Forbidden, Unauthenticated
from contracts.identity import Kind
from contracts.ids import UserId
from contracts.privacy import Audience

LISTENS = "listens:write"
SEES_ALL = frozenset({"bot", "worker", "admin", "service"})


class ForPeopleOnly(Forbidden):
    sentence = "This is for people who are signed in, not for programs."


class KeyForListensOnly(Forbidden):
    sentence = "With this key you can hand in what you listened to, and nothing else."


class Caller(BaseModel):
    """`sub` is the user's id for a user, the key's id for a key, the service's name for a service.

    `credential` names what the caller showed: `session:…`, `client:…`, `key:…`.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    iss: str
    sub: str
    kind: Kind
    scopes: frozenset[str] = frozenset()
    credential: str | None = None

    def has(self, scope: str) -> bool:
        return self.kind == "admin" or "admin" in self.scopes or scope in self.scopes

    @property
    def user_id(self) -> UserId | None:
        """Who it is; None for programs and strangers."""
        return UserId(UUID(self.sub)) if self.kind == "user" else None

    def is_user(self, user_id: UUID) -> bool:
        return self.kind == "user" and self.sub == str(user_id)

    @property
    def only_listens(self) -> bool:
        """Whether a user is not there themself: one of their own keys is, which hands in listens and nothing else."""
        return self.kind == "user" and LISTENS in self.scopes

    @property
    def sees_discord_ids(self) -> bool:
        return self.kind in SEES_ALL or self.has("admin")


def check_may(caller: Caller, scope: str, refusal: type[Forbidden]) -> None:
    """Raises Unauthenticated for a stranger, and `refusal` for who is known and has no such scope."""
    if caller.kind == "anonymous":
        raise Unauthenticated
    if not caller.has(scope):
        raise refusal


def signed_in(caller: Caller, programs: type[Forbidden] = ForPeopleOnly) -> UserId:
    """Who is signed in; `programs` is what others are refused with. A key of theirs is for listens alone."""
    if caller.kind == "anonymous":
        raise Unauthenticated
    if caller.user_id is None:
        raise programs
    if caller.only_listens:
        raise KeyForListensOnly
    return caller.user_id


def reaches(caller: Caller, audience: Audience) -> bool:
    """Whether what somebody shows to `audience` is shown to the caller, who is not themself.

    Programs that serve the club see everybody. A key for listens alone, which lies in some player, shows no more of
    others than strangers see.
    """
    if caller.kind in SEES_ALL or caller.has("admin"):
        return True
    known = caller.kind != "anonymous" and not caller.only_listens
    return audience == "public" or (audience == "members" and known)


def audiences(caller: Caller) -> tuple[Audience, ...]:
    """What others may have decided for the caller to see them."""
    return tuple(each for each in get_args(Audience) if reaches(caller, each))
