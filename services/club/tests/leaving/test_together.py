"""Leaving and merging, in whatever order they are told."""

from itertools import permutations

import pytest
from sqlalchemy import text

from club.proof.verification import faults
from contracts.results import Result

WHOSE = ("ballots", "votes", "nominators", "nominations", "ratings", "participants", "roster", "bars", "ballot_secrets")


@pytest.fixture
def owners_of(stage):
    """`await owners_of()`: whose rows there are."""

    async def read():
        found = " UNION ".join(f"SELECT user_id FROM {table} WHERE user_id IS NOT NULL" for table in WHOSE)
        async with stage.db.transaction() as tx:
            return set(await tx.scalars(text(found)))

    return read


@pytest.mark.parametrize("order", [*permutations(("merged", "left", "left again"))])
async def test_merges_told_before_and_after_end_the_same(season, leave, merge, order, named, owners_of, ask):
    """Ben turned out to be Ida, who left."""
    steps = {
        "merged": lambda: merge(season.ben, season.ida),
        "left": lambda: leave(season.ida, season.ben),
        "left again": lambda: leave(season.ida, season.ben),
    }
    for step in order:
        await steps[step]()
    assert await named(season.ida, season.ben) == set()
    assert not {season.ida.user_id, season.ben.user_id} & await owners_of()
    result = Result.model_validate((await ask("GET", f"{season.closed}/result")).json())
    assert (faults(result), result.ballots) == ([], 3)


async def test_whoever_turns_out_to_be_somebody_who_left_left_with_them(season, leave, merge, named, owners_of, ask):
    """The merge is news to the club, and the deletion did not name the other."""
    await leave(season.ida)
    await merge(season.ben, season.ida)
    assert await named(season.ida, season.ben) == set()
    assert season.ben.user_id not in await owners_of()
    result = Result.model_validate((await ask("GET", f"{season.closed}/result")).json())
    assert (faults(result), result.ballots) == ([], 3)
    assert (await ask("GET", f"{season.closed}/ratings/summary")).json()["count"] == 2


async def test_a_struck_ballot_of_a_merge_is_nobodys_once_they_leave(booth, leave, merge, ask, named):
    (ida, ben, _), (blue, hejira, mingus) = booth.people, booth.nominations
    await booth.cast(ben, mingus)
    await booth.cast(ida, blue, hejira)
    await merge(ben, ida)
    await booth.close()
    former = await leave(ida, ben)
    ballot = (await ask("GET", f"{booth.week}/ballots/{former}")).json()
    assert (ballot["first"], ballot["second"]) == (blue, hejira)
    assert await named(ida, ben) == set()
    assert faults(Result.model_validate(await booth.result())) == []
