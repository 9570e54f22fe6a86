"""What albums are told with beside their names: countries of their artists, genres, how they sound, tracks."""

from collections.abc import Collection
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from catalog.albums.sound import PLACES, features_of
from catalog.genres.rules import lineage, mood_of
from catalog.genres.tables import moods, spellings, tree
from catalog.models import AlbumArtist, Artist, Placement, Tagging
from contracts import catalog
from contracts.genres import AlbumMood
from contracts.ids import AlbumId, TrackId
from contracts.sound import AlbumFeatures


@dataclass
class Traits:
    countries: list[str] = field(default_factory=list)
    genres: list[catalog.Tagging] = field(default_factory=list)
    features: AlbumFeatures | None = None
    tracks: list[TrackId] = field(default_factory=list)

    @property
    def genre_parents(self) -> dict[str, list[str]]:
        return lineage(tree(), spellings(), [genre.name for genre in self.genres])

    @property
    def mood(self) -> AlbumMood | None:
        """Estimated of the genres; what was measured goes before it."""
        weighted = [(genre.name, genre.weight) for genre in self.genres]
        mood, coverage = mood_of(tree(), moods(), weighted) if weighted else (None, 0.0)
        if mood is None:
            return None
        axes = {axis: round(value, PLACES) for axis, value in mood._asdict().items()}
        return AlbumMood(**axes, coverage=round(coverage, PLACES))


async def traits(tx: AsyncSession, ids: Collection[AlbumId]) -> dict[AlbumId, Traits]:
    """Of each album."""
    found = {album_id: Traits() for album_id in ids}
    for album_id, country in await _countries(tx, ids):
        if country not in found[album_id].countries:
            found[album_id].countries.append(country)
    genres = select(Tagging).where(Tagging.kind == "album", Tagging.piece_id.in_(ids), Tagging.is_genre)
    for row in await tx.scalars(genres.order_by(Tagging.weight.desc(), Tagging.name, Tagging.source)):
        found[AlbumId(row.piece_id)].genres.append(catalog.Tagging.model_validate(row))
    for album_id, features in (await features_of(tx, ids)).items():
        found[album_id].features = features
    placed = select(Placement).where(Placement.album_id.in_(ids))
    for place in await tx.scalars(placed.order_by(Placement.album_id, Placement.disc, Placement.position)):
        found[place.album_id].tracks.append(place.track_id)
    return found


async def _countries(tx: AsyncSession, ids: Collection[AlbumId]) -> list[tuple[AlbumId, str]]:
    """In the order of the line."""
    credited = select(AlbumArtist.album_id, Artist.country).join(Artist, Artist.id == AlbumArtist.artist_id)
    known = credited.where(AlbumArtist.album_id.in_(ids), Artist.country.is_not(None))
    rows = await tx.execute(known.order_by(AlbumArtist.album_id, AlbumArtist.position))
    return [(album_id, country) for album_id, country in rows if country is not None]
