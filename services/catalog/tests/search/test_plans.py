"""Each way of searching reads an index, whatever it looks for."""

import pytest
from sqlalchemy import text
from sqlalchemy.dialects import postgresql

from catalog.models import Album, Artist, Track
from catalog.search.store import MOST, alike, beginning, containing, worded


@pytest.fixture
def plan(stage):
    async def lines(asked):
        sql = str(asked.compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True}))
        async with stage.db.transaction() as tx:
            # A table of a test is so small that reading all of it would cost least.
            await tx.execute(text("SET LOCAL enable_seqscan = off"))
            raw = await (await tx.connection()).exec_driver_sql(f"EXPLAIN {sql}".replace("%%", "%"))
            return "\n".join(line for (line,) in raw)

    return lines


@pytest.mark.parametrize("piece", [Album, Artist, Track])
@pytest.mark.parametrize(
    ("way", "index"),
    [
        (lambda piece: beginning(piece).params(begins="kind of bl%"), "start"),
        (lambda piece: beginning(piece).params(begins="b%"), "start"),
        (lambda piece: worded(piece).params(asked="'kind' & 'blu':*"), "words"),
        (lambda piece: containing(piece, "blue miles"), "search"),
        (lambda piece: containing(piece, "u2 war"), "search"),
        (lambda piece: alike(piece).params(words="nevermnd"), "search"),
    ],
)
async def test_a_search_reads_an_index_and_no_table(plan, piece, way, index):
    told = await plan(way(piece))
    assert f"ix_{piece.__tablename__}_{index}" in told
    assert "Seq Scan" not in told
    assert told.startswith("Limit")


def test_each_way_finds_a_bounded_number():
    ways = beginning(Album), worded(Album), containing(Album, "blue"), alike(Album)
    asked = [way.params(begins="blue%", asked="'blue'", words="blue") for way in ways]
    told = [str(each.compile(compile_kwargs={"literal_binds": True}, dialect=postgresql.dialect())) for each in asked]
    assert all(f"LIMIT {MOST}" in each for each in told)
