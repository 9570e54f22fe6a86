"""What somebody's plays tell: which artists and albums, and what those are like. No I/O here."""

import math
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property

from contracts.ids import AlbumId
from contracts.taste import (
    AlbumShare,
    ArtistShare,
    CountryShare,
    DecadeShare,
    FamilyShare,
    GenreShare,
    TimeOfDay,
    TrackShare,
)
from taste.profiles.evidence import Evidence, Traits
from taste.profiles.genres import joined, roots
from taste.profiles.weighing import PLACES, Thing, ranked, shares, sums
from taste.profiles.window import decay, last_day

TOP_ARTISTS, TOP_ALBUMS, TOP_TRACKS = 100, 50, 50
MIDNIGHTS, WEEK = 24, 7


class Listening:
    """The evidence of a window, its plays weighed by their age."""

    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence
        self._last = last_day(evidence.played) or date.max
        self._weighed = [(each, each.plays * decay(each.day, self._last)) for each in evidence.played]
        self.artists = sums((each.artist_id, weight) for each, weight in self._weighed)
        self.albums = sums((each.album_id, weight) for each, weight in self._weighed if each.album_id is not None)

    @property
    def plays(self) -> int:
        return sum(each.plays for each in self._evidence.played)

    @property
    def known(self) -> dict[AlbumId, Traits]:
        """The albums that the catalogue has told of."""
        return {each: self._evidence.albums[each] for each in self.albums if each in self._evidence.albums}

    def top_artists(self) -> list[ArtistShare]:
        names = _newest_names((each.artist_id, each.day, each.artist) for each, _ in self._weighed)
        top = ranked(shares(self.artists))[:TOP_ARTISTS]
        return [ArtistShare(id=each, name=names[each], share=share) for each, share in top]

    def top_albums(self) -> list[AlbumShare]:
        whole = sums((each.album_id, weight) for each, weight in self._weighed)
        top = [(each, share) for each, share in ranked(shares(whole)) if each is not None][:TOP_ALBUMS]
        return [
            AlbumShare(id=each, title=self._title[each], artist=self._artist[each], share=part) for each, part in top
        ]

    def top_tracks(self) -> list[TrackShare]:
        """Shares of all plays, though of some it is not known which track they were."""
        pieces = self._evidence.pieces
        titles = _newest_names((each.track_id, each.day, each.title) for each in pieces)
        artists = _newest_names((each.track_id, each.day, each.artist) for each in pieces)
        weights = sums((each.track_id, each.plays * decay(each.day, self._last)) for each in pieces)
        top = ranked(shares(weights, of=math.fsum(self.artists.values())))[:TOP_TRACKS]
        return [TrackShare(id=each, title=titles[each], artist=artists[each], share=share) for each, share in top]

    def genres(self) -> list[GenreShare]:
        told = ranked(shares(self._genres))
        return [GenreShare(name=name, share=share, parents=self._parents.get(name, [])) for name, share in told]

    def families(self) -> list[FamilyShare]:
        weighed = (
            (root, weight * part)
            for genre, weight in self._genres.items()
            for root, part in roots(genre, self._parents).items()
        )
        return [FamilyShare(name=name, share=share) for name, share in ranked(shares(sums(weighed)))]

    def genre_coverage(self) -> float:
        known = sums(("known", whole) for traits, whole in self._traits() if any(traits.genres.values()))
        every = sums(("every", weight) for _, weight in self._weighed)
        return round(known.get("known", 0.0) / every["every"], PLACES) if every else 0.0

    def decades(self) -> list[DecadeShare]:
        weighed = ((traits.year // 10 * 10, whole) for traits, whole in self._traits() if traits.year is not None)
        return [DecadeShare(decade=each, share=share) for each, share in sorted(shares(sums(weighed)).items())]

    def countries(self) -> list[CountryShare]:
        weighed = (
            (each, whole / len(traits.countries)) for traits, whole in self._traits() for each in traits.countries
        )
        return [CountryShare(country=each, share=share) for each, share in ranked(shares(sums(weighed)))]

    def time_of_day(self) -> TimeOfDay:
        by_day = [(day, counts, decay(day, self._last)) for day, counts in self._evidence.hours.items()]
        hours = ((hour, plays * weight) for _, counts, weight in by_day for hour, plays in enumerate(counts))
        weekdays = ((day.weekday(), sum(counts) * weight) for day, counts, weight in by_day)
        return TimeOfDay(
            hours=_in_places(hours, MIDNIGHTS), weekdays=_in_places(weekdays, WEEK), timezone=self._evidence.timezone
        )

    def _traits(self) -> list[tuple[Traits, float]]:
        return [(traits, self.albums[each]) for each, traits in self.known.items()]

    @cached_property
    def _genres(self) -> dict[str, float]:
        return sums((name, part) for traits, whole in self._traits() for name, part in _split(traits.genres, whole))

    @cached_property
    def _parents(self) -> dict[str, list[str]]:
        return joined(traits.parents for traits in self.known.values())

    @cached_property
    def _title(self) -> dict[AlbumId, str]:
        heard = ((each.album_id, each.day, each.album or "") for each in self._evidence.played if each.album_id)
        return _newest_names(heard) | {each: traits.title for each, traits in self.known.items()}

    @cached_property
    def _artist(self) -> dict[AlbumId, str]:
        heard = ((each.album_id, each.day, each.artist) for each in self._evidence.played if each.album_id)
        return _newest_names(heard) | {each: traits.artist for each, traits in self.known.items()}


def _newest_names(told: Iterable[tuple[Thing, date, str]]) -> dict[Thing, str]:
    """As each was called on the last day; of several names then, the first in the alphabet."""
    found: dict[Thing, tuple[int, str]] = {}
    for thing, day, name in told:
        new = (-day.toordinal(), name)
        found[thing] = min(found.get(thing, new), new)
    return {thing: name for thing, (_, name) in found.items()}


def _split(weights: Mapping[str, float], whole: float) -> list[tuple[str, float]]:
    among = math.fsum(weights.values())
    return [(name, whole * weight / among) for name, weight in weights.items() if among]


def _in_places(weighed: Iterable[tuple[int, float]], places: int) -> list[float]:
    parts = shares(sums(weighed))
    return [parts.get(place, 0.0) for place in range(places)]
