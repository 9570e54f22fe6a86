"""How music is found: the whole name first, then its beginning, its words, and what differs by a slip of the finger.

A slip is mended by the words that names have, of which there are few beside the names. Only where that finds nothing
are whole names compared by their trigrams. Each way finds a bounded number of rows, and only those are ranked. How many
the last ones read for that has no bound: likeness is measured on all that share enough trigrams, and what has no
letters, like `!!!`, is looked for row by row.

Of albums that match about as well, the one that clubs featured more often comes first.
"""

import re
from collections.abc import Collection, Sequence
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    CompoundSelect,
    Integer,
    Numeric,
    Select,
    Text,
    Uuid,
    and_,
    bindparam,
    cast,
    func,
    literal_column,
    null,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncSession

from catalog.featured.store import times_featured
from catalog.models import Album, Artist, Piece, Word
from catalog.models.base import START
from catalog.search.rules import as_meant, as_typed, candidates, strange
from chassis.db import any_of
from contracts.naming import SEPARATOR, match_artist, match_title, search_text

# Which part of a query's trigrams must be found together. One wrong letter in a word of five leaves half of them.
ALIKE = 0.45
# Of two words, rather less: they are short.
NEAR, NEAREST = 0.28, 6
# How many rows each way may find. What lies beyond is not told: whoever searches says more.
MOST = 250
TRIGRAM = 3
SIMPLE: ColumnElement[Any] = literal_column("'simple'::regconfig")

Found = TypeVar("Found", bound=Piece)


async def find(tx: AsyncSession, whole: Select[Found], query: str, offset: int, limit: int) -> Sequence[Found]:
    """The rows of `whole` that match `query`, best first."""
    piece: type[Piece] = whole.column_descriptions[0]["entity"]
    words = search_text(query)
    ids = await _found(tx, piece, words, offset + limit)
    named = match_artist(query) if piece is Artist else match_title(query) + SEPARATOR
    told = {"ids": [*ids], "words": words, "begins": _beginning(words), "named": named}
    return (await tx.scalars(_ranked(whole), told | {"offset": offset, "limit": limit})).all()


async def _found(tx: AsyncSession, piece: type[Piece], words: str, wanted: int) -> set[Any]:
    """As many as are wanted, if there are; a way further only where those before did not find them."""
    said = words.split()
    asked = {"begins": _beginning(words[:START]), "asked": as_typed(said), "words": said}
    rows = (await tx.execute(_first(piece), asked)).all()
    ids = {row.id for row in rows} - {None}
    if len(ids) < wanted:
        ids |= await _mended(tx, piece, said, {row.word for row in rows} - {None}, found=bool(ids))
    if not ids or (len(ids) < wanted and not words.isascii()):
        # Inside a word, as where a script has no blanks.
        ids |= {*await tx.scalars(containing(piece, words))}
    if not ids:
        await tx.execute(select(func.set_config("pg_trgm.word_similarity_threshold", str(ALIKE), true())))
        ids |= {*await tx.scalars(alike(piece), {"words": words})}
    return ids


async def _mended(
    tx: AsyncSession, piece: type[Piece], said: Sequence[str], known: set[str], *, found: bool
) -> set[Any]:
    """By what may have been meant with words that nobody has; or with any, if nothing was found so far."""
    ids: set[Any] = set()
    if strangers := [word for word in said if word not in known]:
        meant = known | await _known(tx, candidates(strangers, said))
        near = await _near(tx, strange(strangers, meant))
        ids |= {*await tx.scalars(worded(piece), {"asked": as_meant(said, meant, near)})}
    if not ids and not found:
        meant = known | await _known(tx, candidates(said, said))
        ids |= {*await tx.scalars(worded(piece), {"asked": as_meant(said, meant, {}, doubted=True)})}
    return ids


async def _known(tx: AsyncSession, words: Collection[str]) -> set[str]:
    return {*await tx.scalars(_KNOWN, {"words": [*words]})}


async def _near(tx: AsyncSession, words: Sequence[str]) -> dict[str, list[str]]:
    """The nearest of each by their trigrams."""
    if not words:
        return {}
    await tx.execute(select(func.set_config("pg_trgm.similarity_threshold", str(NEAR), true())))
    asked = func.unnest(cast(words, ARRAY(Text))).column_valued("asked")
    like, nearest = Word.word.op("%", is_comparison=True)(asked), func.similarity(Word.word, asked).desc()
    each = select(Word.word).where(like).order_by(nearest, Word.word).limit(NEAREST).lateral()
    found: dict[str, list[str]] = {}
    for word, other in await tx.execute(select(asked, each.c.word).join(each, true())):
        found.setdefault(word, []).append(other)
    return found


# Statements that every search asks are built once: that takes longer than the asking.
_KNOWN = select(Word.word).where(Word.word == any_of("words", Text))


@cache
def _first(piece: type[Piece]) -> CompoundSelect[Any]:
    """What begins so or has the words, and which of the words there are: in one statement, since every search asks."""
    begins, has = beginning(piece).subquery(), worded(piece).subquery()
    nothing, nobody = null().cast(Text).label("word"), null().cast(Uuid).label("id")
    known = _KNOWN.add_columns(nobody).subquery()
    return union_all(select(begins.c.id, nothing), select(has.c.id, nothing), select(known.c.id, known.c.word))


@cache
def beginning(piece: type[Piece]) -> Select[Any]:
    """Those that begin as `:begins` says; by their letters, so that what is named just so comes first."""
    return select(_id(piece)).where(_begins(piece.start)).order_by(piece.start).limit(MOST)


@cache
def worded(piece: type[Piece]) -> Select[Any]:
    """Those with the words of `:asked`, in whatever order: of a title and its artists together."""
    asked = func.to_tsquery(SIMPLE, bindparam("asked", type_=Text()))
    found = func.to_tsvector(SIMPLE, piece.search).op("@@", is_comparison=True)(asked)
    # As a table of its own: for the sake of the limit alone, all rows would be read where few are thought to be found.
    every = select(_id(piece)).where(found).cte().prefix_with("MATERIALIZED", dialect="postgresql")
    return select(every.c.id).limit(MOST)


def containing(piece: type[Piece], words: str) -> Select[Any]:
    """Those that have every word somewhere, if inside another."""
    return select(_id(piece)).where(and_(*(_has(piece, word) for word in words.split()))).limit(MOST)


@cache
def alike(piece: type[Piece]) -> Select[Any]:
    """Those with something like `:words` in them, nearest first."""
    words = bindparam("words", type_=Text())
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


def _beginning(words: str) -> str:
    """For `_begins`: what LIKE takes for this and anything after it."""
    return re.sub(r"[%_/]", r"/\g<0>", words) + "%"


def _begins(column: Any) -> ColumnElement[bool]:
    begins: ColumnElement[bool] = column.like(bindparam("begins", type_=Text()), escape="/")
    return begins


@cache
def _ranked(whole: Select[Found]) -> Select[Found]:
    """Those of `:ids`, best first: a page of them."""
    piece: type[Piece] = whole.column_descriptions[0]["entity"]
    these = _id(piece) == any_of("ids", Uuid)
    page = whole.where(these).order_by(*_rank(piece), _id(piece))
    return page.offset(bindparam("offset", type_=Integer())).limit(bindparam("limit", type_=Integer()))


def _rank(piece: type[Piece]) -> list[ColumnElement[Any]]:
    words = bindparam("words", type_=Text())
    alike = func.word_similarity(words, piece.search)
    return [
        _is_named(piece).desc(),
        _begins(piece.search).desc(),
        *([func.round(cast(alike, Numeric), 1).desc(), times_featured().desc()] if piece is Album else []),
        alike.desc(),
        func.similarity(words, piece.search).desc(),
    ]


def _is_named(piece: type[Piece]) -> ColumnElement[bool]:
    named = bindparam("named", type_=Text())
    return piece.match_key == named if piece is Artist else func.starts_with(piece.match_key, named)
