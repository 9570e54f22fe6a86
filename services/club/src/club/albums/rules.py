"""Which of the albums at hand somebody means. No I/O here."""

from collections.abc import Sequence

from chassis.errors import NotFound
from contracts.catalog import Album, AlbumIn
from contracts.ids import AlbumId
from contracts.links import album_ids
from contracts.naming import pick_album


class NoSuchAlbum(NotFound):
    sentence = "There is no album with this album_id."


def with_ids_of_link(album: AlbumIn) -> AlbumIn:
    """The ids that its link carries stand where none is given, as in the catalogue."""
    absent = {name: value for name, value in album_ids(album.url).items() if getattr(album, name) is None}
    return album.model_copy(update=absent)


def pick(album: AlbumIn, likely: Sequence[Album]) -> AlbumId | None:
    """The one that is meant: by id, else by an external id, else by the year among those of the same name.

    Two ids of MusicBrainz are two albums, however alike; two of Spotify may be two editions of one.
    """
    for found in likely:
        if found.id == album.album_id:
            return found.id
    for name in ("mbid", "spotify_id"):
        for found in likely:
            if getattr(album, name) is not None and getattr(found, name) == getattr(album, name):
                return found.id
    namesakes = [found for found in likely if None in {album.mbid, found.mbid}]
    return pick_album(album.year, [(found.id, found.year) for found in namesakes])
