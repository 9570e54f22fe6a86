"""What may be nominated, chosen and withdrawn, and by whom. No I/O here."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from chassis.caller import Caller
from chassis.errors import Conflict, NotFound, Unauthenticated
from club.members.rules import OnlyForYourself
from contracts.corrections import Correction, CorrectionOf
from contracts.ids import NominationId, UserId
from contracts.nominations import NewNomination
from contracts.refs import Tags

MOST_IN_A_WEEK = 2**15 - 1
# Whom nobody here has ever met.
NOBODY = UserId(UUID(int=0))


class NotNominated(NotFound):
    sentence = "This is not nominated in this week."


class NoSuchNomination(NotFound):
    sentence = "There is no such nomination."


class NotNominator(NotFound):
    sentence = "This member did not nominate it."


class NominationWithdrawn(Conflict):
    sentence = "This nomination was withdrawn."


class WinnerStays(Conflict):
    sentence = "This nomination won its week, so it cannot be withdrawn."


class NominationLimit(Conflict):
    sentence = "You have nominated as often as the club allows for one week."


class AlreadyNominated(Conflict):
    sentence = "Somebody else has nominated this album for this week."


class VotedForIt(Conflict):
    sentence = "You voted for this album; take that vote back before you nominate it, too."


class AlbumFeatured(Conflict):
    sentence = "This album has had its week."


class NominatorCooldown(Conflict):
    sentence = "You won not long ago; let others go first."


class AlbumSettled(Conflict):
    sentence = "This week is decided, so what was nominated stays as it is."


class WeekFull(Conflict):
    sentence = "This week holds no more nominations."


def check_limit(standing: int, limit: int) -> None:
    if standing >= limit:
        raise NominationLimit


def check_first(taken: bool, same_album: Literal["merge", "first"]) -> None:  # noqa: FBT001 — what it asks, is named
    if taken and same_album == "first":
        raise AlreadyNominated


def check_not_voted(voted: bool, *, self_votes: bool) -> None:  # noqa: FBT001 — what it asks, is named
    """Else a vote for what others nominated would become one for one's own."""
    if voted and not self_votes:
        raise VotedForIt


def check_rested(won: int | None, number: int, rest: int | None) -> None:
    """`won` is the number of the album's last week; it rests for so many after it, or for ever."""
    if won is not None and (rest is None or number - won <= rest):
        raise AlbumFeatured


def check_cooled_down(won: int | None, number: int, cooldown: int) -> None:
    """`won` is the number of the week that the nominator last won; they leave out as many weeks as `cooldown`."""
    if won is not None and number - won <= cooldown:
        raise NominatorCooldown


def check_standing(withdrawn_at: datetime | None) -> None:
    if withdrawn_at is not None:
        raise NominationWithdrawn


def check_not_winner(nomination_id: NominationId, winner: NominationId | None) -> None:
    if nomination_id == winner:
        raise WinnerStays


def check_correctable(*, decided: bool, taken: bool) -> None:
    """Whether a nomination may turn out to be of another album, which `taken` says that others nominated."""
    if decided:
        raise AlbumSettled
    if taken:
        raise AlreadyNominated


def next_number(last: int) -> int:
    if last >= MOST_IN_A_WEEK:
        raise WeekFull
    return last + 1


def withdrawn_part(
    caller: Caller, member: UserId | None, nominators: Collection[UserId], *, hosts: bool
) -> UserId | None:
    """Whose part a caller withdraws, who may have named a `member`; None for the whole, which only hosts do."""
    if caller.kind == "anonymous":
        raise Unauthenticated
    if hosts:
        if member is not None and member not in nominators:
            raise NotNominator
        return member
    own = caller.user_id
    if own is None or own not in nominators or member not in {None, own}:
        raise OnlyForYourself
    return own


def carried(new: NewNomination) -> dict[str, Any]:
    """What a nomination sets of a member's own part; what is left out, or null, empties nothing."""
    ref = new.ref.model_dump() if new.ref else None
    return _given({"pitch": new.pitch, "pitch_track_url": new.pitch_track_url, "ref": ref})


def carried_tags(new: NewNomination) -> dict[str, str]:
    return _given(new.tags.model_dump() if new.tags else {})


def corrected(changes: Correction | CorrectionOf) -> dict[str, Any]:
    """What a correction sets of a member's part, nulls included."""
    return changes.model_dump(include={"pitch", "pitch_track_url"}, exclude_unset=True)


def corrected_tags(changes: Correction | CorrectionOf) -> dict[str, str | None]:
    """What it sets of the tags: null for all is null for each."""
    if "tags" not in changes.model_fields_set:
        return {}
    return Tags().model_dump() if changes.tags is None else changes.tags.model_dump(exclude_unset=True)


def _given(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}
