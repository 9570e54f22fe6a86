"""Of two who turned out to be one, whose word stands where both said something. No I/O here."""

from collections.abc import Iterable
from typing import Any, Literal, NamedTuple, TypeAlias

from contracts.clubs import Act, Role

RatingFate: TypeAlias = Literal["moved", "withdrawn", "taken_over"]
RULES = {
    "ballots": "In an open poll the survivor's ballot stands and the other is struck; what was counted stays counted.",
    "nominations": "One part in a nomination: the survivor's words, and of the other's what they left open.",
    "ratings": "The survivor's rating stands if it counts, and the other is withdrawn.",
    "roster": "Whoever of them is a host makes the survivor one.",
    "bars": "The survivor is barred from what either was barred from.",
}


class Given(NamedTuple):
    """A rating: whether it is withdrawn, and else whether it is of the album that won."""

    withdrawn: bool
    of_winner: bool


class Part(NamedTuple):
    """A member's part in a nomination, as far as merging changes it."""

    pitch: str | None
    pitch_track_url: str | None
    ref: dict[str, Any] | None
    withdrawn_at: Any
    created_at: Any


def of_ratings(own: Given | None, theirs: Given) -> RatingFate | None:
    """What becomes of the other's rating beside the survivor's own; None where nothing does."""
    if own is None:
        return "moved"
    if theirs.withdrawn:
        return None
    if own.withdrawn or (theirs.of_winner and not own.of_winner):
        return "taken_over"
    return "withdrawn"


def of_parts(own: Part, theirs: Part) -> Part:
    """One part of two in a nomination: of one that stands and one that was withdrawn, the one that stands."""
    if theirs.withdrawn_at is not None:
        return own
    if own.withdrawn_at is not None:
        return theirs
    filled = {name: getattr(own, name) or getattr(theirs, name) for name in ("pitch", "pitch_track_url", "ref")}
    return Part(**filled, withdrawn_at=None, created_at=min(own.created_at, theirs.created_at))


def of_roles(*roles: str) -> Role:
    return "host" if "host" in roles else "member"


def of_acts(*acts: Iterable[Act]) -> list[Act]:
    return sorted({each for some in acts for each in some})


def of_reasons(own: str, theirs: str) -> str:
    return own if theirs in own else f"{own} / {theirs}"
