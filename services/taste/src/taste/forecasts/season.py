"""What a forecast is drawn from, as plain values. No I/O here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from contracts.ids import AlbumId, UserId, WeekId


@dataclass(frozen=True)
class Foreseen:
    """An album as far as the catalogue tells; `genres` as parts of 1."""

    id: AlbumId
    title: str | None = None
    artist: str | None = None
    year: int | None = None
    genres: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class SeasonWeek:
    """A week's album, what it was given in half steps, and who chose it before it was heard."""

    week_id: WeekId
    number: int
    album: Foreseen
    ratings: Mapping[UserId, int] = field(default_factory=dict)
    nominated: frozenset[UserId] = frozenset()
    first: frozenset[UserId] = frozenset()
    second: frozenset[UserId] = frozenset()

    def choice_of(self, user_id: UserId) -> str | None:
        """The strongest thing they said of it."""
        said = (("nominated", self.nominated), ("first_choice", self.first), ("second_choice", self.second))
        return next((name for name, who in said if user_id in who), None)


Season = Sequence[SeasonWeek]
