"""What may be nominated, chosen and withdrawn. No I/O here."""

from datetime import datetime
from typing import Literal

from chassis.errors import Conflict, NotFound
from contracts.ids import NominationId


class NotNominated(NotFound):
    sentence = "This is not nominated in this week."


class NominationWithdrawn(Conflict):
    sentence = "This nomination was withdrawn."


class WinnerStays(Conflict):
    sentence = "This nomination won its week, so it cannot be withdrawn."


class NominationLimit(Conflict):
    sentence = "You have nominated as often as the club allows for one week."


class AlreadyNominated(Conflict):
    sentence = "Somebody else has nominated this album for this week."


class AlbumFeatured(Conflict):
    sentence = "This album has had its week."


class NominatorCooldown(Conflict):
    sentence = "You won not long ago; let others go first."


def check_limit(standing: int, limit: int) -> None:
    if standing >= limit:
        raise NominationLimit


def check_first(taken: bool, same_album: Literal["apart", "first"]) -> None:  # noqa: FBT001 — what it asks, is named
    if taken and same_album == "first":
        raise AlreadyNominated


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
