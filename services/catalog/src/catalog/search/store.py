"""How music is found: the whole name first, then its beginning, then what differs by a slip of the finger."""

from collections.abc import Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from catalog.models import Artist, Piece
from contracts.naming import SEPARATOR, match_artist, match_title, search_text

# Which part of a query's trigrams must be found together. One wrong letter in a word of five leaves half of them.
ALIKE = 0.45

Found = TypeVar("Found", bound=Piece)


async def find(tx: AsyncSession, whole: Select[Found], query: str, offset: int, limit: int) -> Sequence[Found]:
    """The rows of `whole` that match `query`, best first."""
    piece: type[Piece] = whole.column_descriptions[0]["entity"]
    await tx.execute(select(func.set_config("pg_trgm.word_similarity_threshold", str(ALIKE), true())))
    matching = whole.where(_matches(piece, query)).order_by(*_rank(piece, query), piece.__table__.c.id)
    return (await tx.scalars(matching.offset(offset).limit(limit))).all()


def _matches(piece: type[Piece], query: str) -> ColumnElement[bool]:
    words = search_text(query)
    # Trigrams know letters and digits only, and which those are depends on the locale: `!!!` is found as it stands.
    return or_(piece.search.contains(words, autoescape=True), piece.search.op("%>", is_comparison=True)(words))


def _rank(piece: type[Piece], query: str) -> list[ColumnElement[Any]]:
    words = search_text(query)
    return [
        _is_named(piece, query).desc(),
        piece.search.startswith(words, autoescape=True).desc(),
        func.word_similarity(words, piece.search).desc(),
        func.similarity(words, piece.search).desc(),
    ]


def _is_named(piece: type[Piece], query: str) -> ColumnElement[bool]:
    if piece is Artist:
        return piece.match_key == match_artist(query)
    return func.starts_with(piece.match_key, match_title(query) + SEPARATOR)
