"""What may be nominated, chosen and withdrawn. No I/O here."""

from datetime import datetime

from chassis.errors import Conflict, NotFound
from contracts.ids import NominationId


class NotNominated(NotFound):
    sentence = "This is not nominated in this week."


class NominationWithdrawn(Conflict):
    sentence = "This nomination was withdrawn."


class WinnerStays(Conflict):
    sentence = "This nomination won its week, so it cannot be withdrawn."


def check_standing(withdrawn_at: datetime | None) -> None:
    if withdrawn_at is not None:
        raise NominationWithdrawn


def check_not_winner(nomination_id: NominationId, winner: NominationId | None) -> None:
    if nomination_id == winner:
        raise WinnerStays
