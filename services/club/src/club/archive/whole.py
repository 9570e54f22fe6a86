"""A club as one JSON document, a line a row: streamed, and for the same club always the same bytes."""

import json
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Iterator
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Select,
    String,
    Table,
    Text,
    case,
    cast,
    collate,
    func,
    literal,
    select,
    union,
)
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.db import Transactions
from chassis.streaming import one_moment
from club.albums.redirects import meant
from club.archive.tables import CLUBS, COPIES, PARTS, of_club, spoken_of
from contracts.archive import FORMAT, ExportedClub
from contracts.ids import ClubId

AT_ONCE = 500
# Of a copy, what follows from the rest of it, and in which state it came.
DERIVED = ("version", "match_key")
# An album that was merged leaves the ids it had to its survivor, who may travel beside it.
SHOWN_IDS = ("mbid", "spotify_id")


async def whole_club(db: Transactions, club_id: ClubId, schema: int) -> AsyncGenerator[bytes, None]:
    """The document, in chunks of some hundred rows: however many there are, no more are held."""
    async with one_moment(db) as tx:
        yield f'{{"format": "{FORMAT}",\n"schema": {schema},\n"club": {await _club(tx, club_id)}'.encode()
        for name, rows in _lists(club_id):
            yield f',\n"{name}": ['.encode()
            async for lines in _in_batches(tx, rows):
                yield lines.encode()
            yield b"]"
        yield b"}\n"


async def _club(tx: AsyncSession, club_id: ClubId) -> str:
    columns = [CLUBS.c[name] for name in ExportedClub.model_fields]
    row = (await tx.execute(select(*columns).where(of_club(CLUBS, club_id)))).one()
    return json.dumps(row._asdict(), ensure_ascii=False, sort_keys=True)


def _lists(club_id: ClubId) -> Iterator[tuple[str, Select[str]]]:
    for name, copy in COPIES.items():
        yield name, _rows(copy, copy.c.id.in_(union(*spoken_of(copy, club_id))), DERIVED)
    for name, part in PARTS.items():
        travel = {column.name for column in part.columns}
        stay = [column.name for column in part.table.columns if column.name not in travel]
        yield name, _rows(part.table, of_club(part.table, club_id), stay)


def _rows(table: Table, which: ColumnElement[bool], without: Any) -> Select[str]:
    row = _less(func.to_jsonb(table.table_valued()), without)
    if table is COPIES["albums"]:
        row = case((meant(table.c.id) != table.c.id, _less(row, SHOWN_IDS)), else_=row)
    # In an order that is the same whatever language the database sorts in.
    order = [collate(key, "C") if isinstance(key.type, String) else key for key in table.primary_key]
    return select(cast(row, Text)).where(which).order_by(*order)


def _less(row: ColumnElement[Any], without: Iterable[str]) -> ColumnElement[Any]:
    return row.op("-")(cast(literal([*without], ARRAY(String)), ARRAY(Text)))


async def _in_batches(tx: AsyncSession, rows: Select[str]) -> AsyncIterator[str]:
    before = "\n"
    found = await tx.stream_scalars(rows.execution_options(yield_per=AT_ONCE))
    async for batch in found.partitions():
        yield before + ",\n".join(batch)
        before = ",\n"
