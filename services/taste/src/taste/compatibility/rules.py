"""How alike two tastes are, by the formula that docs/taste.md explains: pure, symmetric, and told with its evidence."""

import hashlib
import json
import math
from collections.abc import Sequence
from typing import TypeVar

from contracts.taste import AlbumShare, ArtistShare, TasteProfile, TrackShare
from contracts.taste_compatibility import (
    Compatibility,
    CompatibilityPart,
    PartEvidence,
    PartName,
    SharedAlbum,
    SharedArtist,
    SharedTrack,
)
from taste.compatibility import parts
from taste.compatibility.parts import Found, RatedByBoth
from taste.compatibility.sentences import NOT_ENOUGH

Listed = TypeVar("Listed", ArtistShare, AlbumShare, TrackShare)
FORMULA = 1
WEIGHTS: dict[PartName, float] = {"artists": 0.4, "genres": 0.25, "ratings": 0.2, "mood": 0.1, "decades": 0.05}
# What anybody may have in common with anybody is no overlap by itself.
TELLING = {"artists", "genres", "ratings"}
PLACES = 4
# When it was, by whom else there is one, and what others play is no evidence.
BESIDE = {"computed_at", "origins", "obscurity"}


def compare(one: TasteProfile, other: TasteProfile, common: Sequence[RatedByBoth]) -> Compatibility:
    """`common` are the weeks both rated, as `one` did first."""
    if str(one.user_id) > str(other.user_id):
        return compare(other, one, [each._replace(halves=each.halves[::-1]) for each in common])
    common = sorted(common, key=lambda each: str(each.week_id))
    found = _found(one, other, common)
    overlap = any(each.size for each in found if each.name in TELLING)
    told = _weighed(found) if overlap else []
    return Compatibility(
        users=[one.user_id, other.user_id],
        score=round(math.fsum(each.contribution for each in told), 1) if told else None,
        confidence=round(math.fsum(WEIGHTS[each.name] * each.confidence for each in told), 2),
        formula_version=FORMULA,
        parts=told,
        shared_artists=_shared_artists(one, other),
        shared_albums=_shared_albums(one, other),
        shared_tracks=_shared_tracks(one, other),
        ratings_agreement=parts.agreement(common),
        explanations=[each.sentence for each in found] if told else [NOT_ENOUGH],
        inputs_hash=_digest(one, other, common),
    )


def _found(one: TasteProfile, other: TasteProfile, common: Sequence[RatedByBoth]) -> list[Found]:
    """Those there is evidence for, in the order of their weights."""
    every = (
        parts.artists(one, other),
        parts.genres(one, other),
        parts.ratings(common),
        parts.mood(one, other),
        parts.decades(one, other),
    )
    return [each for each in every if each is not None]


def _weighed(found: Sequence[Found]) -> list[CompatibilityPart]:
    whole = math.fsum(WEIGHTS[each.name] for each in found)
    return [
        CompatibilityPart(
            name=each.name,
            weight=round(WEIGHTS[each.name] / whole, PLACES),
            value=round(each.value, PLACES),
            contribution=round(100 * WEIGHTS[each.name] / whole * each.value, 2),
            confidence=round(each.confidence, PLACES),
            evidence=PartEvidence(count=each.size, names=each.names),
        )
        for each in found
    ]


def _shared_artists(one: TasteProfile, other: TasteProfile) -> list[SharedArtist]:
    both = _shared(one.top_artists, other.top_artists)
    return [SharedArtist(id=a.id, name=min(a.name, b.name), share=share) for a, b, share in both]


def _shared_albums(one: TasteProfile, other: TasteProfile) -> list[SharedAlbum]:
    both = _shared(one.top_albums, other.top_albums)
    return [SharedAlbum(id=a.id, title=a.title, artist=a.artist, share=share) for a, _, share in both]


def _shared_tracks(one: TasteProfile, other: TasteProfile) -> list[SharedTrack]:
    both = _shared(one.top_tracks, other.top_tracks)
    return [SharedTrack(id=a.id, title=a.title, artist=a.artist, share=share) for a, _, share in both]


def _shared(one: Sequence[Listed], other: Sequence[Listed]) -> list[tuple[Listed, Listed, float]]:
    """What both have, with the mean of its two shares; what weighs most first."""
    first, second = ({each.id: each for each in listed} for listed in (one, other))
    both = [(first[each], second[each]) for each in first.keys() & second.keys()]
    shared = [(a, b, round((a.share + b.share) / 2, PLACES)) for a, b in both]
    return sorted(shared, key=lambda each: (-each[2], str(each[0].id)))


def _digest(one: TasteProfile, other: TasteProfile, common: Sequence[RatedByBoth]) -> str:
    profiles = [each.model_dump(mode="json", exclude=BESIDE) for each in (one, other)]
    weeks = [[str(each.week_id), str(each.album_id), each.title, each.halves] for each in common]
    return hashlib.sha256(json.dumps([FORMULA, profiles, weeks]).encode()).hexdigest()
