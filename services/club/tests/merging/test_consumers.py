"""Merges as identity tells of them: once or again, early or late."""

from itertools import permutations
from uuid import uuid4

import pytest
from sqlalchemy import select, text
from uuid_utils.compat import uuid7

from chassis.testing import Scripted
from club.models import ClubTable, UserAlias
from contracts.clubs import RosterChanged
from contracts.identity import UserChanged, UserMerged


@pytest.fixture
def everything(stage):
    """`await everything()`: every row there is."""

    async def read():
        async with stage.db.transaction() as tx:
            names = ["outbox", "audit", *ClubTable.metadata.tables]
            return {
                name: sorted(await tx.scalars(text(f"SELECT to_jsonb(t)::text FROM {name} AS t"))) for name in names
            }

    return read


@pytest.fixture
async def busy(booth, won, rate, nominate, record, ask, sign):
    """Ida, Ben and Cleo have done this and that; her week and what she did there is in `booth`."""
    (ida, ben, cleo), (blue, hejira, mingus) = booth.people, booth.nominations
    await booth.cast(ida, blue, hejira)
    await booth.cast(ben, mingus)
    week, other = await won(3), await won(4)
    await rate(week, ida, 2)
    await rate(week, ben, 4)
    await rate(other, ida, 3)
    await nominate(other, ida, await record("Court and Spark"))
    await ask("PUT", f"/club/bars/{ida.user_id}", {"reason": "Voted twice.", "from": ["nominate"]}, by=sign("admin"))
    return ida, ben, cleo


async def test_told_again_a_merge_changes_nothing(busy, merge, everything):
    ida, ben, _ = busy
    await merge(ida, ben)
    before = await everything()
    await merge(ida, ben)
    assert await everything() == before


@pytest.mark.parametrize("order", [*permutations(range(3))])
async def test_merges_told_in_any_order_end_in_the_last_survivor(busy, deliver, stage, ask, booth, order):
    ida, ben, cleo = (each.user_id for each in busy)
    merges = [(ida, ben, 1), (ben, cleo, 2), (ida, cleo, 3)]
    for old, into, version in (merges[each] for each in order):
        await deliver(UserMerged(user_id=old, survivor_id=into, version=version))
    async with stage.db.transaction() as tx:
        aliases = {(each.id, each.survivor_id) for each in await tx.scalars(select(UserAlias))}
        whose = {
            table: set(await tx.scalars(text(f"SELECT user_id FROM {table}")))
            for table in ("ballots", "votes", "nominators", "nominations", "bars")
        }
        rated = set(await tx.scalars(text("SELECT user_id FROM ratings WHERE withdrawn_at IS NULL")))
    assert aliases == {(ida, cleo), (ben, cleo)}
    assert not {ida, ben} & set.union(rated, *whose.values())
    assert cleo in rated & whose["ballots"] & whose["nominators"] & whose["bars"]
    assert {each["user"]["id"] for each in (await ask("GET", "/club/members")).json()["items"]} >= {str(cleo)}
    assert (await ask("GET", f"{booth.week}/votes/summary")).json()["ballots"] == 1


async def test_a_merge_may_come_before_either_of_the_two(stage, deliver, ask, won, rate, club_of):
    old, into = uuid7(), uuid7()
    await deliver(UserMerged(user_id=old, survivor_id=into, version=5))
    blank = {"handle": None, "avatar_url": None}
    for user_id, name, discord_id in ((old, "Ida ♪", None), (into, "Ida", "175")):
        told = UserChanged(user_id=user_id, version=4, display_name=name, discord_id=discord_id, **blank)
        await deliver(told)
    items = (await ask("GET", "/club/members")).json()["items"]
    assert [each["user"]["display_name"] for each in items] == ["Ida"]
    week, (ben,) = await won(3), await club_of("Ben")
    given = await rate(week, ben.model_copy(update={"user_id": old}), 4)
    assert given["user"]["display_name"] == "Ida"


async def test_while_only_the_old_copy_has_the_discord_id_it_means_the_survivor(deliver, club_of, merge, ask, won):
    ida, ben = await club_of("Ida", "Ben")
    await merge(ida, ben)
    body = {"user": {"discord_id": ida.discord_id}, "rating": 4}
    answer = await ask("POST", f"/club/weeks/{await won(3)}/ratings", body)
    assert answer.json()["user"]["display_name"] == "Ben"
    page = await ask("GET", f"/club/members/discord:{ida.discord_id}")
    assert page.json()["user"]["display_name"] == "Ben"


async def test_identity_s_answer_about_an_alias_ends_on_the_survivor(stage, merge, club_of, ask, won):
    ida, ben = await club_of("Ida", "Ben")
    await merge(ida, ben)
    stale = ida.model_copy(update={"discord_id": "42"}).model_dump(mode="json")
    stage.app.state.neighbours["identity"] = Scripted({"POST /internal/users": stale})
    answer = await ask("POST", f"/club/weeks/{await won(3)}/ratings", {"user": {"discord_id": "42"}, "rating": 4})
    assert answer.json()["user"]["id"] == str(ben.user_id)


async def test_an_alias_is_no_member_and_is_not_counted(club_of, merge, ask, won, rate):
    ida, ben, _ = await club_of("Ida", "Ben", "Cleo")
    week = await won(3)
    await rate(week, ida, 4)
    await merge(ida, ben)
    listed = (await ask("GET", "/club/members")).json()["items"]
    assert [each["user"]["display_name"] for each in listed] == ["Ben", "Cleo"]
    summary = (await ask("GET", f"/club/weeks/{week}/ratings/summary")).json()
    assert summary["participation"] == {"rated": 1, "members": 2}


async def test_on_rosters_a_host_stays_one_and_the_roster_is_announced(club_of, merge, ask, announced):
    ida, ben = await club_of("Ida", "Ben")
    lines = [{"user": {"user_id": str(each.user_id)}, "role": role} for each, role in ((ida, "host"), (ben, "member"))]
    await ask("PUT", "/club/members", {"members": lines})
    await merge(ida, ben)
    first, second = await announced(RosterChanged)
    assert [(each.user_id, each.role) for each in second.members] == [(ben.user_id, "host")]
    assert second.version > first.version


async def test_who_either_was_barred_from_the_survivor_is_barred_from(club_of, merge, ask, sign):
    (ida, ben), admin = await club_of("Ida", "Ben"), sign("admin")
    for person, acts in ((ida, ["vote"]), (ben, ["rate"])):
        bar = {"from": acts, "reason": f"Barred as {person.display_name}."}
        await ask("PUT", f"/club/bars/{person.user_id}", bar, by=admin)
    await merge(ida, ben)
    (bar,) = (await ask("GET", "/club/bars", by=admin)).json()["items"]
    assert (bar["user"]["display_name"], bar["from"]) == ("Ben", ["rate", "vote"])
    assert bar["reason"] == "Barred as Ben. / Barred as Ida."


async def test_the_audit_names_the_rules_that_were_applied(busy, merge, entry):
    ida, ben, _ = busy
    await merge(ida, ben)
    told = await entry()
    assert (told["subject_id"], told["after"]["survivor_id"]) == (str(ida.user_id), str(ben.user_id))
    assert (
        told["after"]["rules"].keys() == told["after"]["became"].keys() == {"ballots", "nominations", "ratings", "bars"}
    )


async def test_nobody_is_merged_into_themself_however_it_is_told(club_of, merge, ask):
    ida, ben = await club_of("Ida", "Ben")
    await merge(ida, ben)
    await merge(ben, ida, 3_000)
    listed = (await ask("GET", "/club/members")).json()["items"]
    assert [each["user"]["display_name"] for each in listed] == ["Ben"]


async def test_a_stranger_to_the_club_is_merged_without_a_trace_but_the_alias(deliver, ask):
    await deliver(UserMerged(user_id=uuid4(), survivor_id=uuid4(), version=1))
    assert (await ask("GET", "/club/weeks")).json()["items"] == []
