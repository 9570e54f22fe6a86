"""Ensuring an album: the one that is meant, made at once when there is none."""

from sqlalchemy.ext.asyncio import AsyncSession

from catalog.albums.answers import changed
from catalog.albums.locks import lock_names
from catalog.albums.rules import additions, with_ids_of_link
from catalog.albums.store import hold_album, holders, make_album, namesakes, update_album
from catalog.journal import journal
from catalog.models import Album
from chassis.outbox import publish
from contracts.catalog import AlbumDescription
from contracts.naming import pick_album


async def ensure_album(tx: AsyncSession, description: AlbumDescription) -> tuple[Album, bool]:
    """The album, and whether it was made. Of an album that was there, gaps are filled."""
    described = with_ids_of_link(description)
    await lock_names(tx, described.title, described.artist, described.mbid, described.spotify_id)
    held = await holders(tx, described.mbid, described.spotify_id)
    known = held[0] if held else await _namesake(tx, described)
    if known is None:
        album = await make_album(tx, described)
        await publish(tx, after := changed(album))
        await journal.record(tx, "album.made", album.id, None, after)
        return album, True
    if any(other is not known for other in held):
        # Found by MusicBrainz id, while the Spotify id is another album's: that one keeps it.
        described = described.model_copy(update={"spotify_id": None})
    return await _filled(tx, known, described), False


async def _namesake(tx: AsyncSession, described: AlbumDescription) -> Album | None:
    albums = await namesakes(tx, described.title, described.artist)
    # Two ids of MusicBrainz are two albums, however alike. Two of Spotify may be two editions of one.
    possible = [album for album in albums if None in (album.mbid, described.mbid) or album.mbid == described.mbid]
    return pick_album(described.year, [(album, album.year) for album in possible])


async def _filled(tx: AsyncSession, known: Album, described: AlbumDescription) -> Album:
    if not additions(described, known):
        return known
    album = await hold_album(tx, known.id)
    if added := additions(described, album):
        before = changed(album)
        await update_album(tx, album, added)
        await publish(tx, after := changed(album))
        await journal.record(tx, "album.changed", album.id, before, after)
    return album
