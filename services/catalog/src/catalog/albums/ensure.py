"""Ensuring an album: the one that is meant, made at once when there is none."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from catalog import external_ids
from catalog.albums.answers import changed
from catalog.albums.locks import lock_names
from catalog.albums.rules import additions, with_ids_of_link
from catalog.albums.store import former_years, hold_album, holders, make_album, named, namesakes, update_album
from catalog.enrichment.queue import NAMED, ask_for
from catalog.external_ids import claim
from catalog.journal import journal
from catalog.models import Album
from chassis.outbox import publish
from contracts.catalog import AlbumDescription
from contracts.naming import pick_album


async def ensure_album(tx: AsyncSession, description: AlbumDescription) -> tuple[Album, bool]:
    """The album, and whether it was made. Of an album that was there, gaps are filled.

    An id of any of its editions finds it; without one, only a name and a year that leave no doubt do (`pick_album`).
    """
    described = with_ids_of_link(description)
    await lock_names(tx, described.title, described.artist, described.mbid, described.spotify_id)
    held = await holders(tx, described.mbid, described.spotify_id)
    known = held[0] if held else await _namesake(tx, described)
    if known is None:
        album = await make_album(tx, described)
        await publish(tx, after := await changed(tx, album))
        await journal.record(tx, "album.made", album.id, None, after)
        await ask_for(tx, [album.id], NAMED)
        return album, True
    return await _filled(tx, known, await _without_ids_of_others(tx, known, described)), False


async def _without_ids_of_others(tx: AsyncSession, known: Album, described: AlbumDescription) -> AlbumDescription:
    """Every edition's id that nobody has is the album's from now on; what another one has stays with that one."""
    # An id that is one of its releases is no release group's; and of those it has one.
    group = described.mbid if known.mbid is None and not await _is_release(tx, described.mbid) else None
    taken = await claim(tx, "album", known.id, named(mbid=group, spotify_id=described.spotify_id))
    spotify_id = None if any(source == "spotify" for source, _ in taken) else described.spotify_id
    mbid = None if any(source == "musicbrainz" for source, _ in taken) else group
    return described.model_copy(update={"mbid": mbid, "spotify_id": spotify_id})


async def _is_release(tx: AsyncSession, mbid: UUID | None) -> bool:
    return mbid is not None and bool(await external_ids.holders(tx, "album", [("musicbrainz-release", str(mbid))]))


async def _namesake(tx: AsyncSession, described: AlbumDescription) -> Album | None:
    albums = await namesakes(tx, described.title, described.artist)
    # Two ids of MusicBrainz are two albums, however alike. Two of Spotify may be two editions of one.
    possible = [album for album in albums if None in (album.mbid, described.mbid) or album.mbid == described.mbid]
    former = await former_years(tx, [album.id for album in possible])
    # What was merged is meant by its own year, too.
    years = [described.year if (album.id, described.year) in former else album.year for album in possible]
    return pick_album(described.year, [*zip(possible, years, strict=True)])


async def _filled(tx: AsyncSession, known: Album, described: AlbumDescription) -> Album:
    if not additions(described, known):
        return known
    album = await hold_album(tx, known.id)
    if added := additions(described, album):
        before = await changed(tx, album)
        await update_album(tx, album, added)
        await publish(tx, after := await changed(tx, album))
        await journal.record(tx, "album.changed", album.id, before, after)
        await ask_for(tx, [album.id], NAMED, again=True)
    return album
