"""How alike two tastes are, by the formula that docs/taste.md explains: pure, symmetric, and told with its evidence."""

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
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
from taste.compatibility.measured import (
    PLACES,
    WEIGHTS,
    Measured,
    RatedByBoth,
    agreement,
    contributions,
    measure,
    prepare,
    whole,
)
from taste.compatibility.parts import Pair, Told, tell
from taste.compatibility.sentences import NOT_ENOUGH

Listed = TypeVar("Listed", ArtistShare, AlbumShare, TrackShare)
FORMULA = 1
# When it was, by whom else there is one, and what others play is no evidence.
BESIDE = {"computed_at", "origins", "obscurity"}


def compare(one: TasteProfile, other: TasteProfile, common: Sequence[RatedByBoth]) -> Compatibility:
    """`common` are the weeks both rated, as `one` did first."""
    if str(one.user_id) > str(other.user_id):
        return compare(other, one, [each._replace(halves=each.halves[::-1]) for each in common])
    pair = Pair(one, other, prepare(one), prepare(other), sorted(common, key=lambda each: str(each.week_id)))
    found = measure(pair.first, pair.second, pair.common)
    told = {name: tell(name, pair, part) for name, part in found.items()}
    score, confidence = whole(found)
    return Compatibility(
        users=[one.user_id, other.user_id],
        score=score,
        confidence=confidence,
        formula_version=FORMULA,
        parts=_parts(found, told),
        shared_artists=_shared_artists(one, other),
        shared_albums=_shared_albums(one, other),
        shared_tracks=_shared_tracks(one, other),
        ratings_agreement=agreement(pair.common),
        explanations=[each.sentence for each in told.values()] or [NOT_ENOUGH],
        inputs_hash=_digest(one, other, pair.common),
    )


def _parts(found: Mapping[PartName, Measured], told: Mapping[PartName, Told]) -> list[CompatibilityPart]:
    weighed, points = math.fsum(WEIGHTS[name] for name in found), contributions(found)
    return [
        CompatibilityPart(
            name=name,
            weight=round(WEIGHTS[name] / weighed, PLACES),
            value=round(part.value, PLACES),
            contribution=points[name],
            confidence=round(part.confidence, PLACES),
            evidence=PartEvidence(count=part.size, names=told[name].names),
        )
        for name, part in found.items()
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
