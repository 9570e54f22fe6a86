"""Where albums that may be meant are looked for: a bounded number of them, whatever was typed."""

from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select, true, union
from sqlalchemy.ext.asyncio import AsyncSession

from catalog.models import Album, AlbumArtist, Artist, PieceAlias, PieceKind
from catalog.resolve.reading import Reading
from catalog.resolve.rules import Known
from contracts.ids import AlbumId
from contracts.naming import SEPARATOR, album_key, match_artist, match_title, search_text, title_words

# Of all trigrams of what was typed and what is known, so many must be shared.
ALIKE = 0.35
NAMESAKES, SIMILAR, ARTISTS = 50, 20, 20


async def likely(tx: AsyncSession, ways: Sequence[Reading]) -> list[Known]:
    """Albums of these names, under another name they have, and with names like them."""
    keys = _keys(ways) | await _keys_by_alias(tx, ways)
    await tx.execute(select(func.set_config("pg_trgm.similarity_threshold", str(ALIKE), true())))
    parts = [_of_keys(keys), *(_similar(phrase) for phrase in sorted(_phrases(ways)))]
    found = union(*(select(part.subquery().c.id) for part in parts)) if parts else None
    return [] if found is None else await known(tx, [AlbumId(row) for row in await tx.scalars(found)])


async def known(tx: AsyncSession, ids: Collection[AlbumId]) -> list[Known]:
    """These albums with all names that they and their artists have."""
    rows = (await tx.execute(select(Album.id, Album.title, Album.artist, Album.year).where(Album.id.in_(ids)))).all()
    titles = await _names(tx, select(PieceAlias.piece_id, PieceAlias.name).where(_alias("album", ids)))
    artists = await _names(tx, _names_of_artists(ids))
    return [
        Known(row.id, (row.title, *titles.get(row.id, ())), (row.artist, *artists.get(row.id, ())), row.year)
        for row in rows
    ]


def _keys(ways: Iterable[Reading]) -> set[str]:
    return {album_key(way.title, way.artist) for way in ways if way.title and way.artist}


async def _keys_by_alias(tx: AsyncSession, ways: Sequence[Reading]) -> set[str]:
    """The keys that albums of these titles have under the proper names of the artists."""
    credits_typed = {match_artist(way.artist) for way in ways if way.artist}
    aliases = select(PieceAlias.match_key, Artist.match_key).join(Artist, Artist.id == PieceAlias.piece_id)
    named = aliases.where(PieceAlias.kind == "artist", PieceAlias.match_key.in_(credits_typed)).limit(ARTISTS)
    proper = (await tx.execute(named)).all()
    return {
        match_title(way.title) + SEPARATOR + known_as
        for way in ways
        for alias, known_as in proper
        if way.title and way.artist and match_artist(way.artist) == alias
    }


def _of_keys(keys: set[str]) -> Select[UUID]:
    aliases = select(PieceAlias.piece_id).where(PieceAlias.kind == "album", PieceAlias.match_key.in_(keys))
    own = select(Album.id).where(Album.match_key.in_(keys))
    both = union(own, aliases).subquery()
    return select(both.c.id).order_by(both.c.id).limit(NAMESAKES)


def _phrases(ways: Iterable[Reading]) -> set[str]:
    # Trigrams know no order of words: all divisions of one line are one phrase.
    return {" ".join(sorted(words)) for way in ways if (words := _words(way))}


def _words(way: Reading) -> list[str]:
    title = title_words(way.together or way.title or "")
    return [*title, *search_text(way.artist).split()] if way.artist else title


def _similar(phrase: str) -> Select[UUID]:
    like = Album.search.op("%", is_comparison=True)(phrase)
    nearest = func.similarity(Album.search, phrase).desc()
    return select(Album.id).where(like).order_by(nearest, Album.id).limit(SIMILAR)


def _alias(kind: PieceKind, ids: Collection[UUID]) -> ColumnElement[bool]:
    return (PieceAlias.kind == kind) & PieceAlias.piece_id.in_(ids)


def _names_of_artists(ids: Collection[AlbumId]) -> Select[UUID, str]:
    # Of a line of several, another name of one is not another name of all.
    alone = select(AlbumArtist.album_id).where(AlbumArtist.album_id.in_(ids)).group_by(AlbumArtist.album_id)
    credited = (AlbumArtist.artist_id == PieceAlias.piece_id) & (PieceAlias.kind == "artist")
    return (
        select(AlbumArtist.album_id, PieceAlias.name)
        .join(PieceAlias, credited)
        .where(AlbumArtist.album_id.in_(alone.having(func.count() == 1)))
    )


async def _names(tx: AsyncSession, named: Select[UUID, str]) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = {}
    for piece_id, name in await tx.execute(named):
        found.setdefault(piece_id, []).append(name)
    return found
