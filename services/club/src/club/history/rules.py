"""What an import may write, what it leaves alone, and what undoing it leaves. No I/O here."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from types import NoneType
from typing import Any, TypeAlias, get_args

from chassis.errors import Conflict, Invalid, NotFound, Refusal
from club.nominations.rules import WinnerStays
from contracts.history import Fate, HistoricItem, HistoricNomination, HistoricWeek, ItemKind, Provenance
from contracts.nominations import NewNomination
from contracts.refs import Ref, Tags

# What of a week, a nomination or a rating somebody can change, as JSON.
State: TypeAlias = dict[str, Any]
STATES: dict[ItemKind, tuple[str, ...]] = {
    "week": (
        "number",
        "label",
        "date_discussion",
        "kind",
        "phase",
        "winner_album_id",
        "winner_nomination_id",
        "nominating_ends",
        "voting_ends",
        "discussing_ends",
        "rating_ends",
    ),
    "rating": ("album_id", "half_steps", "favorite_track", "review", "withdrawn_at", "review_hidden_at"),
}
SAID = ("pitch", "pitch_track_url", "ref")
TAGS = frozenset({"genre", "decade", "country"})
# A winner is one of the nominations, and ratings are of the winner.
ORDER: tuple[ItemKind, ...] = get_args(ItemKind)


class NoSuchImport(NotFound):
    sentence = "There is no such import."


class NotReadable(Invalid):
    sentence = "This item cannot be read."


class Stands(Conflict):
    """What stands is left as it is."""


class NotImported(Stands):
    sentence = "This stands already, and no import made it, so no import changes it."


class ChangedSince(Stands):
    sentence = "Somebody has changed this since it was imported."


class WeekHasResult(Stands):
    sentence = "The week's poll has a result, which history does not change."


class HasVotes(Stands):
    sentence = "Members have voted for this nomination since."


class WeekInUse(Stands):
    sentence = "The week holds what stays, so it stays too."


# Why an undoing leaves something, by the code that is kept of it.
BECAUSE = {each().code: each.sentence for each in (ChangedSince, WeekHasResult, HasVotes, WeekInUse, WinnerStays)}


def state(row: object, kind: ItemKind) -> State:
    """How a week or a rating stands."""
    return _plain({name: getattr(row, name) for name in STATES[kind]})


def part_state(nomination: Any, part: Any, *, leads: bool) -> State:
    """How a member stands behind a nomination; the tags are whoever `leads` it answers for."""
    own = {name: getattr(part, name) for name in ("user_id", "withdrawn_at", *SAID)}
    tags = {name: getattr(nomination, name) for name in TAGS} if leads else {}
    return _plain(own | tags | {"album_id": nomination.album_id})


def _plain(columns: dict[str, Any]) -> State:
    # Since when does not matter.
    columns |= {name: columns[name] is not None for name in {"withdrawn_at", "review_hidden_at"} & columns.keys()}
    return {name: value if isinstance(value, int | dict | NoneType) else str(value) for name, value in columns.items()}


def fate(refusal: Refusal) -> Fate:
    return "conflict" if isinstance(refusal, Stands) else "refused"


def check_week(*, has_result: bool, imported: bool) -> None:
    """Whether history may be written into a week."""
    if has_result:
        raise WeekHasResult
    if not imported:
        raise NotImported("The week was not made by an import, so no import adds to it.")


def check_untouched(standing: State, left: Sequence[State]) -> None:
    """`left`: how each import that wrote it left it."""
    if not left:
        raise NotImported
    if standing not in left:
        raise ChangedSince


def check_left(standing: State, left: State) -> None:
    """Whether it is as this import left it: another import is somebody too."""
    if standing != left:
        raise ChangedSince


def check_no_diary(entries: int) -> None:
    """A rating whose author has written more about it since has not been left alone."""
    if entries:
        raise ChangedSince


def check_no_votes(votes: int) -> None:
    if votes:
        raise HasVotes


def check_empty(*, nominations: int, ratings: int, won: bool) -> None:
    if nominations or ratings or won:
        raise WeekInUse


def differences(standing: Mapping[str, Any], said: Mapping[str, Any], *, whole: bool) -> dict[str, Any]:
    """What `said` would change. Only a `whole` one empties what it does not carry."""
    return {name: value for name, value in said.items() if value != standing[name] and (whole or value is not None)}


def new_refs(standing: Sequence[Ref], given: Sequence[Ref]) -> list[Ref]:
    known = {(ref.kind, ref.id) for ref in standing}
    return [ref for ref in given if (ref.kind, ref.id) not in known]


def message_of(source: Provenance) -> Ref | None:
    if source.message_id is None:
        return None
    return Ref(kind="message", id=source.message_id, guild_id=source.guild_id)


def key(item: HistoricItem) -> str:
    """By what an item is known in its import: its message, or else what it is of."""
    if not isinstance(item, HistoricWeek) and item.provenance.message_id is not None:
        return item.provenance.message_id
    of = item.model_dump_json(include={"kind", "number", "user", "album"})
    return hashlib.sha256(of.encode()).hexdigest()[:32]


def because(name: str) -> str:
    """Why something was written that an import of this name wrote, or took back."""
    return f"Import: {name}"


def in_order(items: Iterable[tuple[int, HistoricItem]]) -> list[tuple[int, HistoricItem]]:
    """Each kind after those that it stands on."""
    return sorted(items, key=lambda each: ORDER.index(each[1].kind))


def pitched(item: HistoricNomination, *, leads: bool) -> dict[str, Any]:
    """What an item says of a member's part, and of the nomination where they lead it."""
    tags = (item.tags or Tags()).model_dump() if leads else {}
    return {"pitch": item.pitch, "pitch_track_url": item.pitch_track_url, **tags}


def nominating(item: HistoricNomination, *, leads: bool) -> NewNomination:
    return NewNomination(
        album=item.album,
        pitch=item.pitch,
        pitch_track_url=item.pitch_track_url,
        tags=item.tags if leads else None,
        ref=message_of(item.provenance),
    )
