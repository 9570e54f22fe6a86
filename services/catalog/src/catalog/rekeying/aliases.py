"""Other names, folded anew: one of an album by the artist under whom it has that name."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from catalog.models import Album, AlbumAlias, PieceAlias
from contracts.naming import MATCHING, album_key, match_artist


async def fold_aliases(tx: AsyncSession, rows: Sequence[PieceAlias]) -> None:
    artists = await _artists(tx, {row.piece_id for row in rows if row.kind == "album"})
    for row in rows:
        # What was merged brought its own artist line along with its title.
        artist = artists.get((row.piece_id, row.name), artists.get((row.piece_id, None), ""))
        row.match_key = album_key(row.name, artist) if row.kind == "album" else match_artist(row.name)
        row.matching = MATCHING
    await tx.flush()


async def _artists(tx: AsyncSession, albums: set[UUID]) -> dict[tuple[UUID, str | None], str]:
    """The artist line of each album, and of those that were merged into it by their titles."""
    own = await tx.execute(select(Album.id, Album.artist).where(Album.id.in_(albums)))
    merged = select(AlbumAlias.survivor_id, Album.title, Album.artist).join(Album, Album.id == AlbumAlias.id)
    former = await tx.execute(merged.where(AlbumAlias.survivor_id.in_(albums), AlbumAlias.survivor_id != AlbumAlias.id))
    found: dict[tuple[UUID, str | None], str] = {(album_id, None): artist for album_id, artist in own}
    return found | {(album_id, title): artist for album_id, title, artist in former}
