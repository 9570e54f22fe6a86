"""Which messy triples are one recording. No I/O here."""

from collections.abc import Mapping
from dataclasses import dataclass

from contracts.ids import TrackId
from contracts.naming import album_key, match_artist, messy_track_id
from contracts.tracks import MessyTriple


@dataclass(frozen=True)
class Messy:
    """A triple with its id and keys: of the recording, of its artist, and of the album it may stand on.

    Editions are one recording; a live take or a remix is another, because its name says so.
    """

    id: TrackId
    said: MessyTriple
    recording: str
    artist: str
    album: str | None

    @property
    def order(self) -> tuple[str, TrackId]:
        """By this, all writers write: no two wait for each other."""
        return self.recording, self.id


def read(triple: MessyTriple) -> Messy:
    return Messy(
        id=messy_track_id(triple.artist, triple.track, triple.album),
        said=triple,
        recording=album_key(triple.track, triple.artist),
        artist=match_artist(triple.artist),
        album=album_key(triple.album, triple.artist) if triple.album else None,
    )


def distinct(triples: Mapping[int, Messy]) -> list[Messy]:
    """Each once, as it was first said, in the order in which they are written."""
    first = {messy.id: messy for _, messy in sorted(triples.items(), reverse=True)}
    return sorted(first.values(), key=lambda messy: messy.order)


def first_of_each(messies: list[Messy], *, known: Mapping[str, object]) -> list[Messy]:
    """One of each recording that is not among the `known`."""
    first = {messy.recording: messy for messy in reversed(messies) if messy.recording not in known}
    return sorted(first.values(), key=lambda messy: messy.order)
