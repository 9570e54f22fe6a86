"""What a description says of an album, and what it may add to what is known."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from chassis.errors import Conflict, NotFound
from contracts.adopting import AlbumToAdopt
from contracts.catalog import AlbumDescription
from contracts.ids import AlbumId
from contracts.links import album_ids
from contracts.naming import album_key, pick_album

EXTERNAL_IDS = ("mbid", "spotify_id")
ADDED = ("year", "mbid", "spotify_id", "cover_url")


class UnknownAlbum(NotFound):
    sentence = "There is no such album."


class ExternalIdTaken(Conflict):
    sentence = "Another album already has this MusicBrainz or Spotify id."


class AnotherAlbum(Conflict):
    sentence = "Some of these albums are another album here."


def with_ids_of_link(description: AlbumDescription) -> AlbumDescription:
    """The ids that its link carries stand where none is given; links that carry none are left aside."""
    read = album_ids(description.url)
    absent = {name: value for name, value in read.items() if getattr(description, name) is None}
    return description.model_copy(update=absent)


def additions(description: AlbumDescription, known: object) -> dict[str, Any]:
    """What fills the gaps of the album `known`: a description never empties or replaces what is there."""
    said = {name: getattr(description, name) for name in ADDED}
    return {name: value for name, value in said.items() if value is not None and getattr(known, name) is None}


def front_cover(mbid: UUID | None, size: int = 500) -> str | None:
    """Where the Cover Art Archive has the front of a release group, if it has one; `size` is 250, 500 or 1200."""
    return None if mbid is None else f"https://coverartarchive.org/release-group/{mbid}/front-{size}"


def cover(album: Any, size: int = 500) -> str | None:
    """What somebody gave; else the archive's, unless it said that it has none; else what Spotify shows."""
    archived = front_cover(album.mbid, size) if album.front is not False else None
    given: str | None = album.cover_url
    return given or archived or album.image_url


def check_same_albums(
    new: Sequence[AlbumToAdopt], others: Sequence[Any], held: Mapping[tuple[str, Any], AlbumId]
) -> None:
    """Whether each of `new` is an album of its own beside the `others`: by external ids, and by what it is called.

    `held` are the albums that have an external id of one of them, by its name and value.

    Those that come together may be alike: where they come from, they were told apart.
    """
    # Of two that claim one external id, those here first: only one can have it.
    claims = [(name, getattr(each, name), each.id) for each in new for name in EXTERNAL_IDS]
    holders = {(name, external_id): album_id for name, external_id, album_id in reversed(claims)} | {**held}
    named = ((album, _other(album, holders, others)) for album in new)
    if differ := [f"{album.id} is {other}" for album, other in named if other not in {None, album.id}]:
        raise AnotherAlbum(f"{AnotherAlbum.sentence.removesuffix('.')}: {', '.join(differ)}.")


def _other(album: AlbumToAdopt, holders: Mapping[tuple[str, Any], AlbumId], others: Sequence[Any]) -> AlbumId | None:
    for name in EXTERNAL_IDS:
        external_id = getattr(album, name)
        if external_id is not None and holders[name, external_id] != album.id:
            return holders[name, external_id]
    key = album_key(album.title, album.artist)
    namesakes = [other for other in others if other.match_key == key and None in {other.mbid, album.mbid}]
    return pick_album(album.year, [(other.id, other.year) for other in namesakes])
