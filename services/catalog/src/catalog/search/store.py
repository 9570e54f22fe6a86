"""How music is found: the whole name first, then its beginning, its words, and what differs by a slip of the finger.

Each way finds a bounded number of rows, and only those are ranked. How many it reads for that has no bound: slips are
measured on all that share enough trigrams, and what has no letters, like `!!!`, is looked for row by row.

Of albums that match about as well, the one that clubs featured more often comes first.
"""

from collections.abc import Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Numeric, Select, and_, cast, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from catalog.featured.store import times_featured
from catalog.models import Album, Artist, Piece
from catalog.models.base import START
from contracts.naming import SEPARATOR, match_artist, match_title, search_text

# Which part of a query's trigrams must be found together. One wrong letter in a word of five leaves half of them.
ALIKE = 0.45
# How many rows each way may find. What lies beyond is not told: whoever searches says more.
MOST = 500
TRIGRAM = 3

Found = TypeVar("Found", bound=Piece)


async def find(tx: AsyncSession, whole: Select[Found], query: str, offset: int, limit: int) -> Sequence[Found]:
    """The rows of `whole` that match `query`, best first."""
    piece: type[Piece] = whole.column_descriptions[0]["entity"]
    words = search_text(query)
    ids = {*await tx.scalars(beginning(piece, words))} | {*await tx.scalars(containing(piece, words))}
    if len(ids) < offset + limit:
        # Only now: of all ways this one reads the most.
        await tx.execute(select(func.set_config("pg_trgm.word_similarity_threshold", str(ALIKE), true())))
        ids |= {*await tx.scalars(alike(piece, words))}
    ranked = whole.where(_id(piece).in_(ids)).order_by(*_rank(piece, query), _id(piece))
    return (await tx.scalars(ranked.offset(offset).limit(limit))).all()


def beginning(piece: type[Piece], words: str) -> Select[Any]:
    """Those that begin with the words; by their letters, so that what is named just so comes first."""
    begins = piece.start.startswith(words[:START], autoescape=True)
    return select(_id(piece)).where(begins).order_by(piece.start).limit(MOST)


def containing(piece: type[Piece], words: str) -> Select[Any]:
    """Those that have every word, in whatever order: the words of a title and its artists together."""
    return select(_id(piece)).where(and_(*(_has(piece, word) for word in words.split()))).limit(MOST)


def alike(piece: type[Piece], words: str) -> Select[Any]:
    """Those with something like the words in them, nearest first."""
    # Trigrams know letters and digits only, and which those are depends on the locale: `!!!` is found as it stands.
    like = piece.search.op("%>", is_comparison=True)(words)
    return select(_id(piece)).where(like).order_by(func.word_similarity(words, piece.search).desc()).limit(MOST)


def _has(piece: type[Piece], word: str) -> ColumnElement[bool]:
    if len(word) >= TRIGRAM or not word.isalnum() or not word.isascii():
        return piece.search.contains(word, autoescape=True)
    # Inside a word, so short a part has no trigram to look for; as a word of its own it has, with the blanks around it.
    return or_(
        piece.search == word,
        piece.search.startswith(f"{word} ", autoescape=True),
        piece.search.contains(f" {word} ", autoescape=True),
        piece.search.endswith(f" {word}", autoescape=True),
    )


def _id(piece: type[Piece]) -> Any:
    return piece.__table__.c.id


def _rank(piece: type[Piece], query: str) -> list[ColumnElement[Any]]:
    words = search_text(query)
    alike = func.word_similarity(words, piece.search)
    return [
        _is_named(piece, query).desc(),
        piece.search.startswith(words, autoescape=True).desc(),
        *([func.round(cast(alike, Numeric), 1).desc(), times_featured().desc()] if piece is Album else []),
        alike.desc(),
        func.similarity(words, piece.search).desc(),
    ]


def _is_named(piece: type[Piece], query: str) -> ColumnElement[bool]:
    if piece is Artist:
        return piece.match_key == match_artist(query)
    return func.starts_with(piece.match_key, match_title(query) + SEPARATOR)
