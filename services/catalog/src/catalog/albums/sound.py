"""How an album sounds: the means of what was measured of its tracks, and of how many of them it was."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from catalog.models import Placement, TrackFeatures
from contracts.ids import AlbumId
from contracts.sound import AlbumFeatures, Features

MEASURES = (*(name for name in Features.model_fields if name not in {"source", "basis"}),)
PLACES = 3


async def features_of(tx: AsyncSession, ids: Collection[AlbumId]) -> dict[AlbumId, AlbumFeatures]:
    """Of the albums with any; where several sources measured, by the one that measured most of its tracks."""
    found: dict[AlbumId, AlbumFeatures] = {}
    for row in (await tx.execute(_means(ids))).mappings():
        means = {name: None if row[name] is None else round(row[name], PLACES) for name in MEASURES}
        coverage = round(row["measured"] / row["tracks"], PLACES)
        found.setdefault(row["album_id"], AlbumFeatures(source=row["source"], coverage=coverage, **means))
    return found


def _means(ids: Collection[AlbumId]) -> Select[Any]:
    placed = select(Placement.album_id, Placement.track_id).where(Placement.album_id.in_(ids)).distinct().cte("placed")
    sizes = select(placed.c.album_id, func.count().label("tracks")).group_by(placed.c.album_id).cte("sizes")
    means = [func.avg(getattr(TrackFeatures, name)).label(name) for name in MEASURES]
    measured = func.count().label("measured")
    return (
        select(placed.c.album_id, TrackFeatures.source, sizes.c.tracks, measured, *means)
        .join(TrackFeatures, TrackFeatures.track_id == placed.c.track_id)
        .join(sizes, sizes.c.album_id == placed.c.album_id)
        .group_by(placed.c.album_id, TrackFeatures.source, sizes.c.tracks)
        .order_by(placed.c.album_id, measured.desc(), TrackFeatures.source)
    )
