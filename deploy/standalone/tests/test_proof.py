"""`sidetrack verify`, on the file alone."""

import json
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from typer.testing import CliRunner

from club.proof import rules
from club.results.rules import outcome
from contracts.results import Item, Leaf, Link, Participation, Proof, Receipt, Result, Step
from standalone.command import app

WEEK, BLUE, HEJIRA, MINGUS = (UUID(int=number) for number in range(1, 5))
SEED = bytes(range(32))
MOMENT = datetime(2025, 11, 24, 19, tzinfo=UTC)


@pytest.fixture
def poll():
    """A result of three ballots, and the receipt of the first, as the API answers them."""
    cast = [(BLUE, HEJIRA), (HEJIRA, None), (HEJIRA, BLUE)]
    leaves = [
        Leaf(number=number, ballot_ref=uuid4(), salt="ab" * 32, first=first, second=second, cast_at=MOMENT)
        for number, (first, second) in enumerate(cast, start=1)
    ]
    seals = [rules.leaf(each.ballot_ref, b"\xab" * 32, each.first, each.second, MOMENT) for each in leaves]
    chain = [rules.Link(leaf.ballot_ref, seal) for leaf, seal in zip(leaves, seals, strict=True)]
    heads = rules.heads(rules.beginning(WEEK, rules.commitment(SEED)), chain)
    counted = outcome([BLUE, HEJIRA, MINGUS], cast, SEED, "draw")
    shown = {
        "album": {"id": uuid4(), "title": "Blue", "artist": "Joni Mitchell", "artists": []},
        "nominator": {"id": uuid4(), "display_name": "Wren"},
    }
    items = [Item.model_validate(item.model_dump() | shown) for item in counted.items]
    root = rules.root(seals).hex()
    result = Result(
        **counted.model_dump(exclude={"items", "tie", "alternatives"}),
        items=items,
        tie=counted.tie,
        alternatives=counted.alternatives,
        week_id=WEEK,
        tie_policy="draw",
        ballots=3,
        participation=Participation(voted=3, members=5),
        commit=rules.commitment(SEED).hex(),
        seed=SEED.hex(),
        root=root,
        number=3,
        head=heads[-1].hex(),
        computed_at=MOMENT,
        leaves=leaves,
        links=[Link(ballot_ref=link.ballot_ref, leaf=link.leaf.hex()) for link in chain],
    )
    path = [Step(side=side, hash=node.hex()) for side, node in rules.path(seals, 0)]
    receipt = Receipt(
        **leaves[0].model_dump(),
        week_id=WEEK,
        leaf=seals[0].hex(),
        head=heads[1].hex(),
        proof=Proof(root=root, path=path),
    )
    return json.loads(result.model_dump_json()), json.loads(receipt.model_dump_json())


@pytest.fixture
def verify(tmp_path):
    def run(result, *options, receipt=None):
        (tmp_path / "result.json").write_text(json.dumps(result))
        given = [str(tmp_path / "result.json"), *options]
        if receipt is not None:
            (tmp_path / "receipt.json").write_text(json.dumps(receipt))
            given += ["--receipt", str(tmp_path / "receipt.json")]
        ended = CliRunner().invoke(app, ["verify", *given])
        return ended.exit_code, ended.output

    return run


def test_an_honest_result_is_proved_by_its_file_alone(poll, verify):
    code, said = verify(poll[0])
    assert (code, said.strip()) == (0, "The result is what its 3 ballots and its draw make of it.")


def test_an_altered_ballot_fails_and_is_named(poll, verify):
    result, _ = poll
    result["leaves"][1]["first"] = str(MINGUS)
    code, said = verify(result)
    assert code == 1
    assert f"The ballot {result['leaves'][1]['ballot_ref']} is not what link 2 sealed" in said


def test_a_head_from_before_is_looked_for_in_the_chain(poll, verify):
    result, receipt = poll
    assert verify(result, "--head", f"1:{receipt['head']}", "--head", f"3:{result['head'].upper()}")[0] == 0
    code, said = verify(result, "--head", f"2:{receipt['head']}")
    assert code == 1
    assert "rewritten" in said
    assert verify(result, "--head", "latest")[0] == 1


def test_a_receipt_leads_to_the_root_unless_it_is_another_s(poll, verify):
    result, receipt = poll
    assert verify(result, receipt=receipt)[0] == 0
    code, said = verify(result, receipt=receipt | {"second": str(MINGUS)})
    assert code == 1
    assert "does not open" in said
    assert "from before the close" in verify(result, receipt=receipt | {"proof": None})[1]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"week_id": 1}'])
def test_what_is_no_result_is_refused_with_a_sentence(tmp_path, text):
    (tmp_path / "result.json").write_text(text)
    ended = CliRunner().invoke(app, ["verify", str(tmp_path / "result.json")])
    assert ended.exit_code == 1
    assert "is not a whole result." in " ".join(ended.output.split())
