"""Folding all names anew: in batches that each stand, so that whoever was interrupted goes on where it was.

What was merged is found by no name, and is left so; an undo folds it by the matching of that day.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from catalog.albums.locks import lock_all_names
from catalog.merging.pieces import album_named, artist_named, track_named
from catalog.models import Album, Artist, PieceAlias, PieceKind, Track
from catalog.rekeying.aliases import fold_aliases
from catalog.rekeying.alike import Alike, become_alike
from chassis.db import Transactions
from contracts.naming import MATCHING

BATCH = 500


@dataclass(frozen=True)
class Rekeyed:
    """How many names a batch folded, and which pieces of different names are of one name since."""

    names: int
    alike: Sequence[Alike] = ()


@dataclass(frozen=True)
class Pieces:
    """`named` is what a row is called, its match key and its words."""

    kind: PieceKind
    table: type[Any]
    named: Callable[[Any], tuple[str, str, str]]


PIECES = (
    Pieces("artist", Artist, artist_named),
    Pieces("album", Album, album_named),
    Pieces("track", Track, track_named),
)


async def rekey(db: Transactions, batch: int = BATCH) -> AsyncIterator[Rekeyed]:
    """Whatever is still kept by an older matching, a batch each. Nothing is merged by it."""
    for pieces in PIECES:
        before: dict[UUID, str] = {}
        while (done := await _some(db, pieces, batch, before)).names:
            yield done
    while (names := await _some_aliases(db, batch)) > 0:
        yield Rekeyed(names)


async def behind(db: Transactions) -> int:
    """How many names are kept by an older matching."""
    tables: list[type[Any]] = [*(pieces.table for pieces in PIECES), PieceAlias]
    async with db.transaction() as tx:
        counted = [await tx.scalar(select(func.count()).select_from(each).where(_is_behind(each))) for each in tables]
    return sum(number or 0 for number in counted)


async def _some(db: Transactions, pieces: Pieces, batch: int, before: dict[UUID, str]) -> Rekeyed:
    """`before` are the keys, so far, of those that got another one."""
    table = pieces.table
    async with db.transaction() as tx:
        await lock_all_names(tx)
        rows = (await tx.scalars(_next(table, batch).order_by(table.id))).all()
        for row in rows:
            _, key, search = pieces.named(row)
            if key != row.match_key:
                before[row.id] = row.match_key
            row.match_key, row.search, row.matching = key, search, MATCHING
        await tx.flush()
        alike = await become_alike(tx, pieces.kind, table, {row.match_key for row in rows}, before)
    return Rekeyed(len(rows), alike)


async def _some_aliases(db: Transactions, batch: int) -> int:
    async with db.transaction() as tx:
        await lock_all_names(tx)
        rows = (await tx.scalars(_next(PieceAlias, batch).order_by(PieceAlias.piece_id, PieceAlias.name))).all()
        await fold_aliases(tx, rows)
    return len(rows)


def _next(table: type[Any], batch: int) -> Any:
    return select(table).where(_is_behind(table)).limit(batch).with_for_update()


def _is_behind(table: type[Any]) -> ColumnElement[bool]:
    older: ColumnElement[bool] = table.matching < MATCHING
    return older if table is PieceAlias else older & (table.match_key != func.concat("merged:", table.id))
