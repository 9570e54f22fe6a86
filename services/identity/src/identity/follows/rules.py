"""Whom one may follow. No I/O here."""

from chassis.errors import Forbidden, Invalid
from contracts.ids import UserId


class NotYourself(Invalid):
    sentence = "You can neither follow nor block yourself."


class Blocked(Forbidden):
    sentence = "One of you has blocked the other."


def check_another(own: UserId, other: UserId) -> None:
    if own == other:
        raise NotYourself


def check_not_blocked(*, blocked: bool) -> None:
    if blocked:
        raise Blocked
