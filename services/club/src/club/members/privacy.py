"""Who sees by whom a rating is. No I/O here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chassis.caller import Caller
from chassis.errors import Forbidden
from contracts.ids import UserId
from contracts.privacy import Audience, Privacy


class RatingsPrivate(Forbidden):
    sentence = "This member does not show you how they rate."


@dataclass(frozen=True)
class Reader:
    """`user_id` is None for whoever is no member. `hosts` are also bots and admins, whom nothing is hidden from."""

    user_id: UserId | None
    signed_in: bool
    hosts: bool

    @property
    def audiences(self) -> tuple[Audience, ...]:
        """What somebody must have decided at most for this reader to see it."""
        if self.hosts:
            return ("public", "members", "private")
        return ("public", "members") if self.signed_in else ("public",)

    def sees_ratings_of(self, user_id: UserId, privacy: Mapping[str, Any]) -> bool:
        return user_id == self.user_id or Privacy.model_validate(privacy).ratings in self.audiences


def reader_of(caller: Caller, user_id: UserId | None, *, hosts: bool) -> Reader:
    return Reader(user_id, signed_in=caller.kind != "anonymous", hosts=hosts)
