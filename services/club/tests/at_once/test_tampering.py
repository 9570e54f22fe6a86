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
    "two members exchange their places in the chain": [
        f"""UPDATE ballot_secrets s SET user_id = o.user_id FROM ballot_secrets o
            WHERE s.user_id IN ({IDA}, {BEN}) AND o.user_id IN ({IDA}, {BEN}) AND s.user_id <> o.user_id"""
    ],
    "two members exchange places and keys": [
        f"""UPDATE ballot_secrets s SET user_id = o.user_id, salt_key = o.salt_key FROM ballot_secrets o
            WHERE s.user_id IN ({IDA}, {BEN}) AND o.user_id IN ({IDA}, {BEN}) AND s.user_id <> o.user_id"""
    ],
    "a ballot and its link are changed alike": [
        f"UPDATE votes SET nomination_id = :other WHERE user_id = {IDA} AND rank = 1",
        "UPDATE ballot_links SET first = :other WHERE number = 1",
    ],
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
    "the first choice of a link is changed": ["UPDATE ballot_links SET first = :other WHERE number = 2"],
    "the second choice of a link is taken away": ["UPDATE ballot_links SET second = NULL WHERE number = 2"],
    "the choices of a link change places": ["UPDATE ballot_links SET first = second, second = first WHERE number = 2"],
    "the time of a link is changed": ["UPDATE ballot_links SET cast_at = cast_at + interval '1 ms' WHERE number = 2"],
    "the ballot of a link is changed": [
        """UPDATE ballot_links SET ballot_ref = (SELECT ballot_ref FROM ballot_links WHERE number = 1)
           WHERE number = 2"""
    ],
    "two links exchange their ballots": [
        """UPDATE ballot_links l SET ballot_ref = o.ballot_ref FROM ballot_links o
           WHERE l.number IN (1, 2) AND o.number IN (1, 2) AND l.number <> o.number"""
    ],
    "the key of a salt is changed": [f"UPDATE ballot_secrets SET salt_key = sha256(salt_key) WHERE user_id = {IDA}"],
    "two keys of salts are exchanged": [
        f"""UPDATE ballot_secrets s SET salt_key = o.salt_key FROM ballot_secrets o
            WHERE s.user_id IN ({IDA}, {BEN}) AND o.user_id IN ({IDA}, {BEN}) AND s.user_id <> o.user_id"""
    ],
    "links are reordered": [
        "UPDATE ballot_links SET number = -number",
        "UPDATE ballot_links SET number = CASE number WHEN -1 THEN 2 WHEN -2 THEN 1 ELSE -number END",
    ],
}
AFTER_THE_CLOSE = {
    "a ballot is dropped with its links": [
        "CREATE TEMPORARY TABLE gone ON COMMIT DROP AS SELECT ballot_ref FROM ballot_links WHERE number = 2",
        "DELETE FROM ballot_links WHERE ballot_ref IN (SELECT ballot_ref FROM gone)",
        "DELETE FROM ballot_secrets WHERE ballot_ref IN (SELECT ballot_ref FROM gone)",
    ],
    "how many voted is changed": ["UPDATE results SET ballots = ballots + 1"],
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


COUNTED = "SELECT (SELECT count(*) FROM votes), (SELECT count(*) FROM ballots)"


@pytest.mark.usefixtures("cast")
async def test_once_a_poll_is_counted_its_ballots_are_in_the_chain_and_nowhere_else(stage, booth, ask):
    before = (await ask("GET", f"{booth.week}/votes/summary")).json()
    await booth.close()
    async with stage.db.transaction() as tx:
        assert tuple((await tx.execute(text(COUNTED))).one()) == (0, 3)
    assert (await ask("GET", f"{booth.week}/votes/summary")).json() == before


@pytest.mark.usefixtures("cast")
async def test_votes_that_do_not_fit_the_chain_are_left_for_whoever_looks_into_it(stage, booth, tamper):
    await tamper(BEFORE_THE_CLOSE["a ballot is changed"])
    await booth.close()
    async with stage.db.transaction() as tx:
        assert tuple((await tx.execute(text(COUNTED))).one()) == (6, 3)


@pytest.mark.usefixtures("cast")
async def test_whose_a_ballot_is_can_change_after_the_close_without_a_fault(booth, tamper):
    """As when two people turn out to be one."""
    await booth.close()
    told = await booth.result()
    await tamper([f"UPDATE ballot_secrets SET user_id = {IDA}"])
    assert await booth.result() == told
    assert await found(booth) == []
