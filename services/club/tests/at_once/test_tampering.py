"""Ballots that somebody alters in the database itself, as its owner may."""

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from club.proof.verification import faults
from contracts.results import Result

IDA, BEN = (f"(SELECT id FROM members WHERE display_name = '{name}')" for name in ("Ida", "Ben"))
NEWEST = "(SELECT max(number) FROM ballot_links)"
BEFORE_THE_CLOSE = {
    "a ballot is changed": [f"UPDATE votes SET nomination_id = :other WHERE user_id = {IDA} AND rank = 1"],
    "a choice is taken away": [f"DELETE FROM votes WHERE user_id = {IDA} AND rank = 2"],
    "two ballots are exchanged": [
        f"""UPDATE votes v SET nomination_id = o.nomination_id FROM votes o
            WHERE v.user_id IN ({IDA}, {BEN}) AND o.user_id IN ({IDA}, {BEN}) AND v.user_id <> o.user_id
            AND v.rank = o.rank"""
    ],
    "a ballot is cast earlier": [f"UPDATE ballots SET cast_at = cast_at - interval '1 hour' WHERE user_id = {IDA}"],
    "a ballot is dropped": [f"DELETE FROM votes WHERE user_id = {IDA}", f"DELETE FROM ballots WHERE user_id = {IDA}"],
    "a ballot is added": [
        """INSERT INTO ballots (id, week_id, user_id, version) SELECT gen_random_uuid(), week_id,
           (SELECT id FROM members WHERE display_name = 'Xenia'), 1 FROM ballots LIMIT 1""",
        "INSERT INTO votes SELECT week_id, user_id, 1, :other FROM ballots WHERE version = 1",
    ],
}
ANY_TIME = {
    "a link is changed": ["UPDATE ballot_links SET leaf = sha256(leaf) WHERE number = 2"],
    "a link is dropped": ["DELETE FROM ballot_links WHERE number = 2"],
    "the newest link is dropped": [f"DELETE FROM ballot_links WHERE number = {NEWEST}"],
    "a link is added": [
        f"""INSERT INTO ballot_links SELECT week_id, number + 1, ballot_ref, second, first, cast_at, sha256(leaf), head,
            sha256(head) FROM ballot_links WHERE number = {NEWEST}"""
    ],
    "links are reordered": [
        "UPDATE ballot_links SET number = -number",
        "UPDATE ballot_links SET number = CASE number WHEN -1 THEN 2 WHEN -2 THEN 1 ELSE -number END",
    ],
}
AFTER_THE_CLOSE = {
    "a leaf is changed": ["UPDATE results SET leaves = jsonb_set(leaves, '{0,second}', 'null')"],
    "a leaf is dropped": ["UPDATE results SET leaves = leaves - 0"],
    "a leaf is added": ["UPDATE results SET leaves = leaves || (leaves -> 0)"],
    "leaves are reordered": ["UPDATE results SET leaves = jsonb_build_array(leaves->1, leaves->0, leaves->2)"],
    "the outcome is changed": ["UPDATE results SET outcome = jsonb_set(outcome, '{items,0,points}', '99')"],
    "the seed is changed": ["UPDATE polls SET seed = sha256(seed)"],
    "the root is changed": ["UPDATE results SET root = sha256(root)"],
}


@pytest.fixture
async def tamper(test_settings, booth):
    engine = create_async_engine(test_settings.role_url("club_owner"))

    async def execute(statements):
        async with engine.begin() as connection:
            for statement in statements:
                chosen = {"other": booth.nominations[2]} if ":other" in statement else {}
                await connection.execute(text(statement), chosen)

    yield execute
    await engine.dispose()


@pytest.fixture
async def cast(booth):
    (ida, ben, cleo), (blue, hejira, mingus) = booth.people, booth.nominations
    for person, *chosen in ((ida, blue, hejira), (ben, hejira, blue), (cleo, blue, mingus)):
        await booth.cast(person, *chosen)


async def found(booth):
    return faults(Result.model_validate(await booth.result()))


@pytest.mark.usefixtures("cast")
async def test_what_nobody_altered_has_no_fault(booth):
    await booth.close()
    assert await found(booth) == []


@pytest.mark.usefixtures("cast")
@pytest.mark.parametrize("what", [*BEFORE_THE_CLOSE, *ANY_TIME])
async def test_it_is_found_when_before_the_close(booth, tamper, what):
    await tamper({**BEFORE_THE_CLOSE, **ANY_TIME}[what])
    await booth.close()
    assert await found(booth)


@pytest.mark.usefixtures("cast")
@pytest.mark.parametrize("what", [*AFTER_THE_CLOSE, *ANY_TIME])
async def test_it_is_found_when_after_the_close(booth, tamper, what):
    await booth.close()
    await tamper({**AFTER_THE_CLOSE, **ANY_TIME}[what])
    assert await found(booth)
