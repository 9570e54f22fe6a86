"""What a closed poll proves, and to whom."""

import json

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from club.proof import rules
from club.proof.verification import faults
from contracts.results import Receipt, Result


@pytest.fixture
async def closed(booth):
    """The result of a poll in which Ida changed her mind."""
    (ida, ben, cleo), (blue, hejira, mingus) = booth.people, booth.nominations
    booth.heads = []
    for person, *chosen in ((ida, blue), (ben, hejira, blue), (ida, hejira, mingus), (cleo, mingus, hejira)):
        answer = (await booth.cast(person, *chosen)).json()
        booth.heads.append((answer["number"], answer["head"]))
    await booth.close()
    return await booth.result()


def found(told, known=()):
    return faults(Result.model_validate(told), dict(known))


async def test_an_honest_result_has_no_fault_and_contains_every_head_handed_out(booth, closed):
    assert found(closed, booth.heads) == []
    assert [leaf["number"] for leaf in closed["leaves"]] == [2, 3, 4]
    assert len(closed["links"]) == 4


async def test_a_head_that_was_handed_out_and_is_not_in_the_chain_betrays_a_rewritten_one(closed):
    assert "rewritten" in found(closed, [(2, "0" * 64)])[0]
    assert "rewritten" in found(closed, [(9, closed["head"])])[0]


def raised(value):
    return value + 1 if isinstance(value, int) else "f" * 64 if value != "f" * 64 else "e" * 64


@pytest.mark.parametrize("name", ["commit", "seed", "root", "head", "number", "ballots"])
async def test_no_figure_of_a_result_can_be_altered(closed, name):
    assert found(closed | {name: raised(closed[name])})


@pytest.mark.parametrize(
    "alter",
    [
        lambda told: told["leaves"][0].update(first=told["leaves"][0]["second"], second=told["leaves"][0]["first"]),
        lambda told: told["leaves"][1].update(second=None),
        lambda told: told["leaves"][0].update(cast_at="2025-11-24T12:00:00Z"),
        lambda told: told["leaves"][0].update(salt="0" * 64),
        lambda told: told["leaves"].pop(),
        lambda told: told["leaves"].append(told["leaves"][0]),
        lambda told: told["leaves"].append(told["leaves"][0] | {"number": 5}),
        lambda told: told["leaves"].append(told["leaves"][0] | {"number": 0}),
        lambda told: told["leaves"].reverse(),
        lambda told: told["links"].pop(),
        lambda told: told["links"].pop(0),
        lambda told: told["links"].reverse(),
        lambda told: told["links"].append(told["links"][0]),
        lambda told: told["links"][0].update(ballot_ref=told["links"][1]["ballot_ref"]),
        lambda told: told["items"].reverse(),
        lambda told: told["items"].pop(),
        lambda told: told["items"][0].update(points=99),
        lambda told: told.update(winner=told["items"][1]["nomination_id"]),
        lambda told: told.update(tie={"broken_by": "draw", "among": []}),
        lambda told: told["alternatives"].update(condorcet=[]),
        lambda told: told["participation"].update(voted=9),
        lambda told: told.update(week_id="019ab6e0-0000-7000-8000-000000000003"),
    ],
)
async def test_nothing_that_a_result_rests_on_can_be_altered(closed, alter):
    altered = json.loads(json.dumps(closed))
    alter(altered)
    assert altered != closed
    assert found(altered)


async def test_a_history_rewritten_with_all_its_hashes_is_betrayed_by_one_earlier_head(booth, closed):
    told = json.loads(json.dumps(closed))
    dropped = told["leaves"].pop(0)
    del told["links"][dropped["number"] - 1]
    for leaf in told["leaves"]:
        leaf["number"] -= 1 if leaf["number"] > dropped["number"] else 0
    chain = [rules.Link(link.ballot_ref, bytes.fromhex(link.leaf)) for link in Result.model_validate(told).links]
    start = rules.beginning(Result.model_validate(told).week_id, bytes.fromhex(told["commit"]))
    told |= {"number": 3, "head": rules.heads(start, chain)[-1].hex()}
    assert not [fault for fault in found(told) if "chain" in fault or "dropped" in fault]
    assert [fault for fault in found(told, booth.heads[1:2]) if "rewritten" in fault]


async def test_a_receipt_leads_from_the_voter_s_ballot_to_the_root(booth, ask, sign, closed):
    for person in booth.people:
        path = f"{booth.week}/ballots/{person.user_id}/receipt"
        receipt = Receipt.model_validate((await ask("GET", path, by=sign("user", str(person.user_id)))).json())
        opened = rules.leaf(
            receipt.ballot_ref, bytes.fromhex(receipt.salt), receipt.first, receipt.second, receipt.cast_at
        )
        assert opened.hex() == receipt.leaf
        steps = [(step.side, bytes.fromhex(step.hash)) for step in receipt.proof.path]
        assert rules.climb(opened, steps).hex() == receipt.proof.root == closed["root"]
        assert str(receipt.ballot_ref) in {leaf["ballot_ref"] for leaf in closed["leaves"]}


async def test_before_the_close_a_receipt_holds_the_head_of_the_last_change(booth, ask):
    ida, blue = booth.people[0], booth.nominations[0]
    cast = (await booth.cast(ida, blue)).json()
    receipt = (await ask("GET", f"{booth.week}/ballots/{ida.user_id}/receipt")).json()
    assert receipt["proof"] is None
    assert [receipt[name] for name in ("number", "head", "first")] == [cast["number"], cast["head"], blue]


async def test_who_never_voted_has_no_receipt(booth, ask, refusal):
    answer = await ask("GET", f"{booth.week}/ballots/{booth.people[0].user_id}/receipt")
    assert refusal(answer) == (404, "no_ballot")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ballot_links SET first = NULL",
        "DELETE FROM ballot_links",
        "TRUNCATE ballot_links",
        "UPDATE results SET root = ''",
        "DELETE FROM results",
    ],
)
@pytest.mark.usefixtures("closed")
async def test_the_service_itself_cannot_rewrite_what_was_said(stage, statement):
    with pytest.raises(ProgrammingError, match="permission denied"):
        async with stage.db.transaction() as tx:
            await tx.execute(text(statement))
