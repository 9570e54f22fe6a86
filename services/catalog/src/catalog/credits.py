"""Artist lines as an answer tells them."""

from collections.abc import Iterable

from catalog.models import AlbumArtist, TrackArtist
from contracts.catalog import Credit, JoinedCredit


def told(line: Iterable[AlbumArtist | TrackArtist]) -> list[Credit]:
    return [Credit(id=part.artist_id, name=part.name) for part in line]


def joined(line: Iterable[AlbumArtist | TrackArtist]) -> list[JoinedCredit]:
    return [JoinedCredit(id=part.artist_id, name=part.name, join_phrase=part.join_phrase) for part in line]
