"""The editions of an album, and the tracklist of the one that stands for it."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from catalog.models import Edition, Placement
from catalog.sources.answers import Release
from contracts.ids import AlbumId, TrackId


async def write_editions(
    tx: AsyncSession, album_id: AlbumId, releases: Sequence[Release], chosen: Release | None
) -> None:
    """These and no others; an edition that another album has stays its."""
    ids = [release.id for release in releases]
    await tx.execute(delete(Edition).where(Edition.album_id == album_id, Edition.mbid.not_in(ids)))
    rows = [
        {
            "mbid": release.id,
            "album_id": album_id,
            "title": release.title,
            "disambiguation": release.disambiguation,
            "released": release.date,
            "country": release.country,
            "format": release.format,
            "tracks": release.tracks,
            "representative": chosen is not None and release.id == chosen.id,
        }
        for release in sorted({release.id: release for release in releases}.values(), key=lambda each: each.id)
    ]
    if rows:
        row = insert(Edition).values(rows)
        told = {name: row.excluded[name] for name in rows[0] if name not in {"mbid", "album_id"}}
        ours = Edition.album_id == row.excluded.album_id
        await tx.execute(row.on_conflict_do_update(index_elements=["mbid"], set_=told, where=ours))


async def write_tracklist(
    tx: AsyncSession, album_id: AlbumId, release: Release, tracks: Mapping[UUID, TrackId]
) -> None:
    """In the place of the one that was there, unless it is the same."""
    wanted = {
        (medium.position, track.position): (tracks[track.recording.id], track.title)
        for medium in release.media
        for track in medium.tracks
    }
    rows = (await tx.scalars(select(Placement).where(Placement.album_id == album_id))).all()
    if not wanted or {(row.disc, row.position): (row.track_id, row.title) for row in rows} == wanted:
        return
    await tx.execute(delete(Placement).where(Placement.album_id == album_id))
    await tx.execute(
        insert(Placement),
        [
            {"album_id": album_id, "disc": disc, "position": place, "track_id": track, "title": title}
            for (disc, place), (track, title) in sorted(wanted.items())
        ],
    )
