"""One member's page over HTTP."""

from uuid import uuid4

import pytest
from sqlalchemy import text

from chassis.paging import encode_cursor


@pytest.fixture
def page(ask):
    async def read(user, by=None, club="/club", query=""):
        answer = await ask("GET", f"{club}/members/{user}?{query}", by=by)
        assert answer.status_code == 200, answer.text
        return answer.json()

    return read


@pytest.fixture
async def past(hold, club_of):
    ida, ben, _ = people = await club_of("Ida", "Ben", "Cleo")
    folk, jazz = {"genre": "folk"}, {"genre": "jazz", "decade": "1950s"}
    await hold(1, {ida: "Blue", ben: "Low"}, won=ida, votes={ben: (ida,)}, ratings={ida: 5, ben: 4}, tags=folk)
    await hold(2, {ida: "Pearl", ben: "Kind of Blue"}, won=ben, ratings={ida: 2, ben: 5}, tags=jazz)
    await hold(3, {ben: "Hejira"}, won=ben, ratings={ida: 4, ben: 4}, tags=folk, year=1976)
    await hold(4, {ida: "Mingus"})
    return people


async def test_a_page_says_what_a_member_nominated_and_won(past, page):
    ida, *_ = past
    told = await page(ida.user_id)
    assert (told["user"]["display_name"], told["role"]) == ("Ida", "member")
    assert (told["nominated"], told["wins"], told["win_rate"]) == (3, 1, 0.5)
    assert told["drought"] == {"weeks": 2, "since": "win"}
    shown = [(each["number"], each["album"]["title"], each["won"]) for each in told["nominations"]["items"]]
    assert shown == [(4, "Mingus", None), (2, "Pearl", False), (1, "Blue", True)]
    assert told["nominations"]["items"][2]["label"].startswith("WEEK 001")


async def test_a_page_says_what_a_member_gave_received_and_took_part_in(past, page):
    ida, ben, _ = past
    told = await page(ida.user_id)
    assert told["averages"] == {"given": 3.67, "ratings_given": 3, "received": 4.5, "ratings_received": 2}
    assert told["attendance"] == {
        "voted": 0,
        "voted_of": 1,
        "rated": 3,
        "rated_of": 3,
        "current_streak": 3,
        "longest_streak": 3,
    }
    assert (await page(ben.user_id))["attendance"]["voted"] == 1


async def test_a_page_says_what_a_member_likes(past, page):
    ida, ben, _ = past
    told = await page(ida.user_id)
    assert (told["favorite_genre"], told["favorite_decade"]) == (
        {"name": "folk", "count": 2},
        {"name": "1970s", "count": 2},
    )
    assert (await page(ben.user_id))["favorite_genre"] == {"name": "folk", "count": 2}


async def test_the_most_generous_rating_is_the_one_furthest_above_the_others(past, page):
    ida, *_ = past
    told = await page(ida.user_id)
    generous, harsh = told["most_generous"], told["harshest"]
    assert (generous["album"]["title"], generous["rating"], generous["others"]) == ("Blue", 5.0, 4.0)
    assert (harsh["album"]["title"], harsh["rating"], harsh["others"]) == ("Kind of Blue", 2.0, 5.0)


async def test_a_member_who_did_nothing_yet_has_an_empty_page(past, page):
    told = await page(past[2].user_id)
    assert (told["nominated"], told["wins"], told["win_rate"], told["drought"]) == (0, 0, None, None)
    assert (told["most_generous"], told["harshest"], told["favorite_genre"]) == (None, None, None)
    assert told["nominations"] == {"items": [], "next_cursor": None}


async def test_the_page_and_the_statistics_say_the_same(past, ask, page):
    stats = (await ask("GET", "/club/stats")).json()
    for person in past[:2]:
        told = await page(person.user_id)
        for name, lines in [("averages", stats["averages"]), ("attendance", stats["attendance"])]:
            (line,) = (each for each in lines if each["user"]["id"] == str(person.user_id))
            assert told[name] == {key: value for key, value in line.items() if key != "user"}
        (line,) = (each for each in stats["nominators"] if each["user"]["id"] == str(person.user_id))
        assert all(told[name] == line[name] for name in ("wins", "win_rate", "drought"))


async def test_a_member_is_named_by_id_by_discord_or_as_oneself(past, sign, page):
    ida, *_ = past
    told = await page(ida.user_id)
    assert await page(f"discord:{ida.discord_id}") == told
    own = await page("me", by=sign("user", sub=str(ida.user_id)))
    assert own["user"] == told["user"] | {"discord_id": None}


async def test_who_sees_no_discord_ids_cannot_look_for_them(past, ask, sign, refusal):
    for path in (f"discord:{past[0].discord_id}", "discord:1"):
        for kind in ("anonymous", "user"):
            assert refusal(await ask("GET", f"/club/members/{path}", by=sign(kind))) == (403, "discord_ids_hidden")


async def test_strangers_have_no_page(ask, sign, past, refusal):
    await ask("PUT", "/clubs/blue-notes", {}, by=sign("admin"))
    for path in (
        f"/club/members/{uuid4()}",
        "/club/members/discord:1",
        # Known to the deployment, but not in this club.
        f"/clubs/blue-notes/members/{past[0].user_id}",
    ):
        assert refusal(await ask("GET", path)) == (404, "no_such_member")
    assert refusal(await ask("GET", "/club/members/me", by=sign("user"))) == (404, "no_such_member")
    assert refusal(await ask("GET", "/club/members/me", by=sign("anonymous"))) == (401, "unauthenticated")
    assert refusal(await ask("GET", "/club/members/me")) == (422, "nobody_named")
    for wrong in ("ida", "discord:", "discord:ida", "1"):
        assert refusal(await ask("GET", f"/club/members/{wrong}")) == (422, "invalid")


async def test_the_roster_says_who_hosts_and_who_left_is_still_remembered(past, ask, page):
    ida, ben, cleo = past
    roster = [
        {"user": {"user_id": str(each.user_id)}, "role": role} for each, role in [(ben, "host"), (cleo, "member")]
    ]
    assert (await ask("PUT", "/club/members", {"members": roster})).status_code == 200
    assert [(await page(each.user_id))["role"] for each in (ida, ben, cleo)] == [None, "host", "member"]


async def test_nominations_come_in_pages(past, page):
    ida, *_ = past
    seen, cursor = [], ""
    while cursor is not None:
        part = (await page(ida.user_id, query=f"limit=2{cursor and f'&cursor={cursor}'}"))["nominations"]
        seen, cursor = [*seen, *(each["number"] for each in part["items"])], part["next_cursor"]
    assert seen == [4, 2, 1]


@pytest.mark.parametrize("cursor", ["x", encode_cursor(3), encode_cursor(3, "x"), encode_cursor("3", "x")])
async def test_a_cursor_that_is_not_ours_is_refused(past, ask, refusal, cursor):
    answer = await ask("GET", f"/club/members/{past[0].user_id}?cursor={cursor}")
    assert refusal(answer) == (422, "bad_cursor")


async def test_a_nomination_in_a_draft_is_not_shown_to_others(ask, sign, past, stage, page):
    ida, *_ = past
    async with stage.db.transaction() as tx:
        await tx.execute(text("UPDATE weeks SET phase = 'draft' WHERE number = 4"))
    hidden = await page(ida.user_id, by=sign("anonymous"))
    assert hidden["nominated"] == len(hidden["nominations"]["items"]) == 2
    assert (await page(ida.user_id))["nominated"] == 3
