"""What a member may choose, and who may see it. No I/O here."""

from collections.abc import Collection
from datetime import datetime

from chassis.caller import Caller
from chassis.errors import Conflict, Forbidden, NotFound, Unauthenticated
from club.nominations.rules import check_standing
from contracts.ids import NominationId, UserId
from contracts.results import NewBallot


class OwnNomination(Conflict):
    sentence = "You cannot vote for what you nominated yourself."


class SecretBallot(Forbidden):
    sentence = "Ballots are secret."


class NoBallot(NotFound):
    sentence = "There is no ballot of this member in this week."


def check_choice(
    user_id: UserId, nominators: Collection[UserId], withdrawn_at: datetime | None, *, self_votes: bool
) -> None:
    check_standing(withdrawn_at)
    if not self_votes and user_id in nominators:
        raise OwnNomination


def by_rank(ballot: NewBallot) -> dict[int, NominationId]:
    return {1: ballot.first} if ballot.second is None else {1: ballot.first, 2: ballot.second}


def check_sees(caller: Caller, user_id: UserId | None, *, hosts: bool, public: bool) -> None:
    """Their own, everybody's for hosts; of others only what the club makes public to its members after the close."""
    if caller.kind == "anonymous":
        raise Unauthenticated
    own = user_id is not None and caller.is_user(user_id)
    if not (own or hosts or (public and caller.kind == "user")):
        raise SecretBallot
