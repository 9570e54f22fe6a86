"""Three weeks of exported threads, from the files to the weeks."""

from pathlib import Path

import pytest

from club.threads.exports import read_export
from club.threads.plan import make_plan

EXPORTS = Path(__file__).parents[1] / "threads" / "exports"


@pytest.fixture
def plan():
    return make_plan([read_export(file.name, file.read_bytes()) for file in EXPORTS.glob("*.json")], {})


async def test_what_is_read_is_what_the_club_takes(bring, plan, ask, fates):
    items = [each.item() for each in plan.items]
    rehearsed = await bring(items, dry_run=True)
    made = await bring(items)
    assert [each["code"] for each in made["outcomes"] if each["outcome"] != "made"] == ["no_winner"]
    assert fates(rehearsed) == fates(made)
    weeks = (await ask("GET", "/club/weeks")).json()["items"]
    told = [(each["label"], each["winner"] and each["winner"]["title"], each["average"]) for each in weeks]
    assert told == [
        ("WEEK 005 [2025-12-08]", None, None),
        ("WEEK 004 [2025-12-01]", "Automatic for the People", 4.0),
        ("WEEK 003 [2025-11-24]", "Blue", 4.13),
    ]
    thread = next(ref for ref in weeks[2]["refs"] if ref["kind"] == "ratings")
    found = (await ask("GET", f"/club/weeks?ref=discord:ratings:{thread['id']}")).json()["items"]
    assert [each["number"] for each in found] == [3]


async def test_read_and_brought_in_again_it_changes_nothing(bring, plan, fates):
    items = [each.item() for each in plan.items]
    await bring(items)
    assert set(fates(await bring(items))) == {"same", "refused"}
