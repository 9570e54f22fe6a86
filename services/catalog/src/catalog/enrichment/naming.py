"""What MusicBrainz calls a piece: its genres and tags, and the other names it has."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from catalog.models import PieceAlias, PieceKind, Tagging
from catalog.sources.musicbrainz import NAME


async def write_taggings(
    tx: AsyncSession, kind: PieceKind, piece: UUID, genres: Mapping[str, float], tags: Mapping[str, float]
) -> None:
    """What MusicBrainz says; of a name that is a genre and a tag, the genre."""
    own = (Tagging.kind == kind, Tagging.piece_id == piece, Tagging.source == NAME)
    await tx.execute(delete(Tagging).where(*own))
    told = {**{name: (weight, False) for name, weight in tags.items()}, **{n: (w, True) for n, w in genres.items()}}
    rows = [
        {"kind": kind, "piece_id": piece, "source": NAME, "name": name, "weight": weight, "is_genre": is_genre}
        for name, (weight, is_genre) in sorted(told.items())
    ]
    if rows:
        await tx.execute(insert(Tagging).values(rows))


async def write_aliases(tx: AsyncSession, kind: PieceKind, piece: UUID, names: Mapping[str, str]) -> None:
    """These with their match keys, in the place of those it told before; what others call it so is theirs."""
    own = (PieceAlias.kind == kind, PieceAlias.piece_id == piece, PieceAlias.source == NAME)
    await tx.execute(delete(PieceAlias).where(*own))
    rows = [
        {"kind": kind, "piece_id": piece, "name": name, "source": NAME, "match_key": key}
        for name, key in sorted(names.items())
    ]
    if rows:
        await tx.execute(insert(PieceAlias).values(rows).on_conflict_do_nothing())
