"""Who is told how alike the members of a club are."""

import random

import pytest
from services.taste.tests.members import of_everybody
from services.taste.tests.telling import BEN, CLEO, IDA, day, roster, track, user, week
from sqlalchemy import text

from chassis.testing import mentions
from contracts.identity import UserMerged
from contracts.leaving import UserDeleted


@pytest.fixture
def read(client, sign):
    async def answer(path="/taste/clubs/main/matrix", kind="bot", sub=None):
        return await client.get(path, headers=sign(kind, sub=sub))

    return answer


@pytest.fixture
def matrix(read):
    """The scores of pairs by name, whichever of the two comes first."""

    async def told():
        found = (await read()).json()
        names = [each["display_name"] for each in found["members"]]
        pairs = {
            (row["user"]["display_name"], name): score
            for row in found["rows"]
            for name, score in zip(names, row["scores"], strict=True)
        }
        assert all(pairs[one, other] == pairs[other, one] for one, other in pairs)
        return pairs

    return told


async def test_everybody_is_beside_everybody_as_each_pair_is_by_itself(club, read, matrix):
    await club()
    pairs = await matrix()
    assert pairs["Ida", "Ida"] is None
    for (one, other), score in pairs.items():
        if one != other:
            pair = await read(f"/users/@{one.lower()}/compatibility/@{other.lower()}")
            assert pair.json()["score"] == score is not None
    told = (await read()).json()
    twins = {row["user"]["display_name"]: row["twin"]["user"]["display_name"] for row in told["rows"]}
    assert (twins["Ida"], twins["Ben"]) == ("Ben", "Ida")
    assert told["rows"][0]["opposite"]["user"]["display_name"] == "Cleo"
    assert (told["hidden"], told["waiting"], told["next_cursor"]) == (0, 0, None)
    assert told["computed_at"] is not None


async def test_it_comes_in_pages_and_a_foreign_cursor_is_refused(club, read):
    await club()
    first = (await read("/taste/clubs/main/matrix?limit=2")).json()
    rest = (await read(f"/taste/clubs/main/matrix?limit=2&cursor={first['next_cursor']}")).json()
    assert [len(each["rows"]) for each in (first, rest)] == [2, 1]
    assert rest["next_cursor"] is None
    assert first["members"] == rest["members"]
    for bad in ("cursor=x", "limit=0", "limit=201"):
        assert (await read(f"/taste/clubs/main/matrix?{bad}")).status_code == 422


async def test_neighbours_are_told_nearest_first(club, read):
    await club()
    told = (await read(f"/users/{IDA}/neighbours")).json()
    assert told["among"] == 2
    assert [each["user"]["display_name"] for each in told["items"]] == ["Ben", "Cleo"]
    assert len((await read("/users/@ida/neighbours?limit=1")).json()["items"]) == 1
    assert (await read("/users/me/neighbours", "user", str(IDA))).json() == told


async def test_strangers_are_asked_to_sign_in_and_what_is_not_there_is_not_found(club, read):
    await club()
    for path in ("/taste/clubs/main/matrix", f"/users/{IDA}/neighbours"):
        assert (await read(path, "anonymous")).status_code == 401
    assert (await read("/taste/clubs/other/matrix")).status_code == 404
    assert (await read("/users/@nobody/neighbours")).status_code == 404


async def test_who_shows_their_taste_to_nobody_is_beside_nobody(club, read, matrix):
    await club(taste="private")
    assert {one for one, _ in await matrix()} == {"Ben", "Cleo"}
    assert (await read()).json()["hidden"] == 1
    assert (await read(f"/users/{BEN}/neighbours")).json()["among"] == 1
    assert (await read(f"/users/{IDA}/neighbours", "user", str(BEN))).status_code == 403
    assert (await read("/users/me/neighbours", "user", str(IDA))).json() == {"among": 0, "items": []}


async def test_whoever_hides_something_later_is_compared_by_the_rest(club, tell, matrix):
    await club()
    before = await matrix()
    await tell(user(version=2, privacy={"listening": "private", "ratings": "private"}))
    after = await matrix()
    assert after["Ida", "Ben"] != before["Ida", "Ben"]
    assert after["Ben", "Cleo"] == before["Ben", "Cleo"]
    await tell(user(version=3, privacy={}))
    assert await matrix() == before


async def test_where_there_is_no_roster_whoever_was_seen_is_a_member(tell, read):
    await tell(*(each for each in of_everybody() if type(each) is not type(roster())))
    assert {each["display_name"] for each in (await read()).json()["members"]} == {"Ida", "Ben", "Cleo"}


async def test_who_joins_is_compared_and_who_is_off_the_roster_is_not_told(club, tell, read, matrix):
    await club()
    pairs = await matrix()
    await tell(roster(IDA, CLEO, version=2))
    assert {each["display_name"] for each in (await read()).json()["members"]} == {"Ida", "Cleo"}
    await tell(roster(IDA, BEN, CLEO, version=3), roster(IDA, version=1))
    assert await matrix() == pairs


@pytest.mark.parametrize("seed", range(3))
async def test_in_whatever_order_and_however_often_it_is_told_it_comes_out_the_same(tell, matrix, stage, seed):
    await tell(*of_everybody())
    before = await matrix()
    async with stage.db.transaction() as tx:
        for table in ("profiles", "matches", "stale_profiles", "unmatched", "days", "ratings", "albums", "roster"):
            await tx.execute(text(f"DELETE FROM {table}"))
        await tx.execute(text("UPDATE clubs SET roster_version = NULL"))
    told = [*of_everybody(), *of_everybody()]
    random.Random(seed).shuffle(told)
    await tell(*told)
    assert await matrix() == before


async def test_who_turns_out_to_be_somebody_is_one_member_and_who_left_is_none(club, tell, read, stage):
    await club()
    await tell(UserMerged(user_id=BEN, survivor_id=IDA, version=5), day(track(), user_id=IDA, version=9))
    assert {each["display_name"] for each in (await read()).json()["members"]} == {"Ida", "Cleo"}
    gone = UserDeleted(user_id=CLEO, aliases=[], former_id=BEN, version=9, deleted_at="2025-11-24T12:00:00Z")
    await tell(gone, week(version=2))
    assert [each["display_name"] for each in (await read()).json()["members"]] == ["Ida"]
    async with stage.db.transaction() as tx:
        assert await mentions(tx, str(CLEO)) == set()
