"""What may be decided of one's listens. No I/O here."""

from chassis.errors import Conflict, NotFound
from listening.plays.keys import ListenKey, key_of
from listening.plays.rules import REACH


class NoSuchListen(NotFound):
    sentence = "There is no such listen."


class OnePlayAlready(Conflict):
    sentence = "These are of one play already."


class TooFarApart(Conflict):
    sentence = "These listens lie too far apart to be one play."


class AloneAlready(Conflict):
    sentence = "Nothing else was seen of this play."


def read_key(word: str) -> ListenKey:
    """Raises NoSuchListen for a word that is none."""
    try:
        return key_of(word)
    except ValueError as error:
        raise NoSuchListen from error


def check_near(one: ListenKey, other: ListenKey) -> None:
    if abs(one.listened_at - other.listened_at) > REACH:
        raise TooFarApart


def pair(one: ListenKey, other: ListenKey) -> tuple[ListenKey, ListenKey]:
    """As decisions are kept: the earlier one first."""
    return (one, other) if one < other else (other, one)
