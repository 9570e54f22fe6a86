"""What a change of plays changes in the sums. No I/O here."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from contracts.ids import TrackId, UserId


@dataclass(frozen=True)
class Delta:
    """`plays` more, or fewer, of a messy track at a moment of its listener's day."""

    user_id: UserId
    local: datetime
    messy_id: TrackId
    plays: int
    ms: int

    @property
    def day(self) -> date:
        return self.local.date()


def columns(deltas: Sequence[Delta]) -> dict[str, list[object]]:
    """One list of each column, as `unnest` takes them."""
    return {
        "users": [each.user_id for each in deltas],
        "days": [each.day for each in deltas],
        "hours": [each.local.hour for each in deltas],
        "messy": [each.messy_id for each in deltas],
        "plays": [each.plays for each in deltas],
        "ms": [each.ms for each in deltas],
    }


def takes_away(deltas: Iterable[Delta]) -> bool:
    return any(each.plays < 0 for each in deltas)


def lost(deltas: Iterable[Delta]) -> list[tuple[UserId, TrackId]]:
    """Of whom which messy tracks are played less often than before, in order."""
    sums: Counter[tuple[UserId, TrackId]] = Counter()
    for each in deltas:
        sums[each.user_id, each.messy_id] += each.plays
    return sorted(of for of, plays in sums.items() if plays < 0)


def local(moment: datetime, zone: str | None) -> datetime:
    """The time on the listener's clock."""
    return moment.astimezone(ZoneInfo(zone)) if zone else moment
