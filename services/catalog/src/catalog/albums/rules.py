"""What a description says of an album, and what it may add to what is known."""

from typing import Any
from uuid import UUID

from chassis.errors import Conflict, NotFound
from contracts.catalog import AlbumDescription
from contracts.links import album_ids

ADDED = ("year", "mbid", "spotify_id", "cover_url")


class UnknownAlbum(NotFound):
    sentence = "There is no such album."


class ExternalIdTaken(Conflict):
    sentence = "Another album already has this MusicBrainz or Spotify id."


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
