"""How much of an album was heard, and when. No I/O here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from contracts.ids import TrackId, UserId


class Heard(NamedTuple):
    """A play of a track of an album, or of one that counts for it."""

    user_id: UserId
    track_id: TrackId
    started_at: datetime


@dataclass(frozen=True)
class Progress:
    """Of a tracklist: how many tracks, how many plays, and the first time that all were heard."""

    heard: int
    plays: int
    first_played_at: datetime | None
    completed_at: datetime | None
    in_order: bool | None


def progress(tracks: Sequence[TrackId], plays: Iterable[Heard]) -> Progress:
    """Of one person's plays, in any order. Whatever is not on the tracklist counts as a play alone."""
    ordered = sorted(plays, key=lambda each: each.started_at)
    listed = set(tracks)
    first: dict[TrackId, datetime] = {}
    for each in ordered:
        if each.track_id in listed:
            first.setdefault(each.track_id, each.started_at)
    whole = bool(listed) and first.keys() == listed
    return Progress(
        heard=len(first),
        plays=len(ordered),
        first_played_at=ordered[0].started_at if ordered else None,
        completed_at=max(first.values()) if whole else None,
        in_order=[*first] == [*dict.fromkeys(tracks)] if whole else None,
    )
