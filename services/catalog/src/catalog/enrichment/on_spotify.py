"""What Spotify tells of an album's recordings: its ids of them, and how they sound."""

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from catalog.enrichment.findings import Findings
from catalog.external_ids import Named, claim_all, holders
from catalog.models import Track, TrackFeatures
from catalog.sources.spotify import NAME
from contracts.ids import TrackId


def names_of(found: Findings) -> set[str]:
    """What tracks are locked by whose ids there are claimed."""
    return {f"track-spotify:{spotify_id}" for spotify_id in found.tracks.values()}


async def write_on_spotify(tx: AsyncSession, found: Findings, tracks: Mapping[UUID, TrackId]) -> Collection[TrackId]:
    """Of the recordings that are these tracks; those that sound otherwise since. The caller has locked them."""
    told = {tracks[recording]: spotify_id for recording, spotify_id in found.tracks.items()}
    await _name(tx, told)
    measured = {tracks[recording]: sound for recording, sound in found.measured.items()}
    rows = [
        {"track_id": track, "source": NAME, **measured[track].model_dump(exclude={"id"})} for track in sorted(measured)
    ]
    if not rows:
        return []
    row = insert(TrackFeatures).values(rows)
    now = {name: row.excluded[name] for name in rows[0]}
    upsert = row.on_conflict_do_update(
        index_elements=["track_id", "source"],
        set_=now | {"told_at": func.now()},
        where=or_(*(getattr(TrackFeatures, name).is_distinct_from(value) for name, value in now.items())),
    )
    return (await tx.scalars(upsert.returning(TrackFeatures.track_id))).all()


async def _name(tx: AsyncSession, told: Mapping[TrackId, str]) -> None:
    """A track is shown with the first id it is found by; one that another track has stays its."""
    named: dict[TrackId, Named] = {track: ("spotify", spotify_id) for track, spotify_id in told.items()}
    await claim_all(tx, "track", {(each, track) for track, each in named.items()})
    held = await holders(tx, "track", [*named.values()])
    own = [track for track, each in named.items() if held[each] == track]
    unshown = select(Track).where(Track.id.in_(own), Track.spotify_id.is_(None)).order_by(Track.id)
    for row in await tx.scalars(unshown):
        row.spotify_id = told[row.id]
    await tx.flush()
