"""What a description says of an album, and what it may add to what is known."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from chassis.errors import Conflict, NotFound
from contracts.catalog import AlbumDescription, AlbumToAdopt
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


def front_cover(mbid: UUID | None) -> str | None:
    """Where the Cover Art Archive has the front of a release group, if it has one."""
    return None if mbid is None else f"https://coverartarchive.org/release-group/{mbid}/front-500"


def check_same_albums(new: Sequence[AlbumToAdopt], others: Sequence[Any]) -> None:
    """Whether each of `new` is an album of its own beside the `others`: by external ids, and by what it is called.

    Those that come together may be alike: where they come from, they were told apart.
    """
    # Of two that claim one external id, those here first: only one can have it.
    claims = [(name, getattr(each, name), each.id) for each in (*others, *new) for name in EXTERNAL_IDS]
    holders = {(name, external_id): album_id for name, external_id, album_id in reversed(claims)}
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
