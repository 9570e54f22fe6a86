"""A week of a whole club, from its open poll to its proof: small in the suite, at full size as a proof."""

import re
import time
from collections import Counter
from itertools import chain

import pytest
from services.club.tests import generated
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import create_async_engine

from club.proof.verification import faults
from club.reveals.schedule import reveal_due
from contracts import results
from contracts.results import ResultComputed
from contracts.votes import VoteCast

NEVER_SCANNED = re.compile(r"Seq Scan on (?:ballots|votes|ballot_links)\b")


@pytest.fixture
def timed():
    """`with timed("closing"):`; printed afterwards, with -s."""

    class Timed:
        def __init__(self, what):
            self.what = what

        def __enter__(self):
            self.started = time.perf_counter()

        def __exit__(self, *_):
            print(f"{self.what}: {1000 * (time.perf_counter() - self.started):.0f} ms")

    return Timed


@pytest.fixture
def played(stage, ask, timed):
    """`await played(week, raters)`: the week closed, read, verified and rated; its result."""

    async def play(week, raters):
        path = f"/club/weeks/{week.week_id}"
        with timed("closing"):
            assert (await ask("POST", f"{path}/advance", {"to": "discussing"})).status_code == 200
        with timed("GET result"):
            answer = await ask("GET", f"{path}/result")
        with timed(f"verifying {len(answer.content)} bytes"):
            result = results.Result.model_validate_json(answer.content)
            assert faults(result) == []
        await generated.rate(stage.db, week.week_id, result.items[0].album.id, raters)
        with timed("GET week"):
            document = (await ask("GET", path)).json()
        assert document["ratings"]["count"] == len(raters)
        assert document["winner"]["id"] == str(result.items[0].album.id)
        assert document["votes"]["ballots"] == result.ballots
        with timed("GET a receipt"):
            receipt = await ask("GET", f"{path}/ballots/{raters[0]}/receipt")
        assert receipt.json()["proof"]["root"] == result.root
        return result

    return play


def counted(week):
    points = Counter()
    for first, second in week.choices.values():
        points[first] += 2
        points[second] += 1
    return {each: points[each] for each in week.nominations}


async def test_a_week_of_sixty_is_counted_and_proved_as_it_was_cast(stage, played, announced):
    people = await generated.members(stage.db, 60)
    week = await generated.open_week(stage.db, 7, people, 5)
    result = await played(week, people[:40])
    assert {item.nomination_id: item.points for item in result.items} == counted(week)
    assert (result.ballots, len(result.leaves), len(result.links)) == (60, 60, 66)
    assert len(await announced(ResultComputed)) == 1


@pytest.mark.prove
async def test_a_week_of_five_thousand_is_counted_and_proved_and_read_by_its_indexes(
    stage, ask, played, timed, test_settings
):
    people = await generated.members(stage.db, 5000)
    for number in range(10):
        await generated.open_week(stage.db, number, people[:2000], 5)
    with timed("generating"):
        week = await generated.open_week(stage.db, 13, people, 25)
    engine = create_async_engine(test_settings.role_url("club_owner"), isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text("ANALYZE"))
    await engine.dispose()
    path = f"/club/weeks/{week.week_id}"
    before = [await plans(stage, ask, each) for each in (path, f"{path}/votes/summary")]
    result = await played(week, people[:4000])
    assert {item.nomination_id: item.points for item in result.items} == counted(week)
    after = [await plans(stage, ask, each) for each in (path, f"{path}/votes/summary")]
    for document, *_ in (before, after):
        assert len(document) == 1
    for read in (*before, *after):
        assert not NEVER_SCANNED.search("\n".join(chain.from_iterable(read)))
    with timed("revealing"):
        await reveal_due(stage.db)
    assert len({told.user_id for told in await stage.announced(VoteCast)}) == 5000


async def plans(stage, ask, path):
    """How PostgreSQL would perform each query with which a GET of the path is answered."""
    asked = []

    def note(_connection, _cursor, statement, parameters, *_):
        asked.append((statement, parameters))

    engine = stage.db.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    answer = await ask("GET", path)
    event.remove(engine, "before_cursor_execute", note)
    assert answer.status_code == 200
    async with stage.db.engine.connect() as connection:
        raw = (await connection.get_raw_connection()).driver_connection
        return [
            [row[0] for row in await raw.fetch(f"EXPLAIN {statement}", *parameters)]
            for statement, parameters in asked
            if statement.lstrip().upper().startswith("SELECT")
        ]
