"""What of the club's past is asked about, by whom."""

import pytest
from sqlalchemy import text

WEEKS = "/club/weeks"


@pytest.fixture
async def past(hold, club_of):
    ida, ben = people = await club_of("Ida", "Ben")
    for number, day, tags in [
        (1, "2025-11-03", {"genre": "Folk"}),
        (2, "2025-11-10", {"country": "Iceland"}),
        (3, "2025-11-17", {"genre": "folk", "decade": "1970s"}),
    ]:
        both = {ida: f"Ida's {number}", ben: f"Ben's {number}"}
        await hold(number, both, won=ida, ratings={ida: 3, ben: 5}, date_discussion=day, tags=tags)
    return people


@pytest.mark.parametrize(
    ("query", "weeks"),
    [
        ("", 3),
        ("from=2025-11-10", 2),
        ("to=2025-11-10", 2),
        ("from=2025-11-10&to=2025-11-10", 1),
        ("tag=FOLK", 2),
        ("tag=iceland", 1),
        ("tag=1970s&from=2025-11-04", 1),
        ("tag=jazz", 0),
        ("kind=album", 3),
        ("kind=special", 0),
        ("from=&to=&tag=&kind=&limit=", 3),
    ],
)
async def test_only_the_weeks_asked_about_are_counted(past, stats, query, weeks):
    told = await stats(query)
    assert told["weeks"]["total"] == told["weeks"]["with_winner"] == weeks
    assert (told["nominations"], told["ratings"]) == (2 * weeks, 2 * weeks)
    assert [line["wins"] for line in told["nominators"]] == ([weeks, 0] if weeks else [])
    assert [line["rated_of"] for line in told["attendance"]] == ([weeks, weeks] if weeks else [])


async def test_what_is_asked_about_does_not_move_the_clubs_mean(past, hold, stats):
    ida, ben = past
    await hold(4, {ida: "Blue"}, won=ida, ratings={ida: 5, ben: 5}, date_discussion="2025-12-01")
    whole = {line["number"]: line["bayesian"] for line in (await stats())["most_loved"]}
    (one,) = (await stats("from=2025-12-01"))["most_loved"]
    assert one["bayesian"] == whole[4] < 5


async def test_lists_have_ten_lines_unless_more_or_fewer_are_asked_for(hold, club_of, stats):
    people = await club_of(*(f"Member {number:02}" for number in range(12)))
    albums = {person: f"Album {person.display_name}" for person in people}
    await hold(1, albums, won=people[0], ratings=dict.fromkeys(people, 4))
    for query, lines in [("", 10), ("limit=3", 3), ("limit=100", 12)]:
        told = await stats(query)
        for name in ("nominators", "averages", "attendance", "fairness"):
            assert len(told[name]) == lines
    names = [line["user"]["display_name"] for line in (await stats("limit=100"))["averages"]]
    assert names == sorted(names)


async def test_drafts_are_remembered_only_for_those_who_see_them(ask, sign, past, stats):
    await ask("POST", WEEKS, {"number": 4, "phase": "draft"})
    assert (await stats())["weeks"]["total"] == 4
    for kind in ("anonymous", "user"):
        assert (await stats(by=sign(kind)))["weeks"]["total"] == 3


async def test_each_club_remembers_its_own(ask, sign, past, hold, stats):
    await ask("PUT", "/clubs/blue-notes", {"rules": {"rating_visibility": "always"}}, by=sign("admin"))
    ida, _ = past
    await hold(1, {ida: "Pearl"}, won=ida, ratings={ida: 2}, club="/clubs/blue-notes")
    other = await stats(club="/clubs/blue-notes")
    assert (other["weeks"]["total"], other["ratings"], other["average"]) == (1, 1, 2.0)
    assert (await stats(club="/clubs/main")) == (await stats())
    assert (await stats())["weeks"]["total"] == 3


async def test_discord_ids_are_shown_to_whom_they_may_be(past, sign, stats):
    assert {line["user"]["discord_id"] for line in (await stats())["nominators"]} == {each.discord_id for each in past}
    shown = (await stats(by=sign("anonymous")))["nominators"]
    assert {line["user"]["discord_id"] for line in shown} == {None}


async def test_a_rating_that_is_not_visible_yet_counts_for_nobody(past, stage, stats):
    before = await stats()
    async with stage.db.transaction() as tx:
        await tx.execute(text("UPDATE ratings SET visible_from = NULL WHERE half_steps = 10"))
    after = await stats()
    assert (before["ratings"], after["ratings"], after["average"]) == (6, 3, 3.0)
    (line,) = after["averages"]
    assert (line["user"]["display_name"], line["ratings_given"], line["received"]) == ("Ida", 3, 3.0)


async def test_a_withdrawn_rating_counts_for_nobody(past, ask, stats):
    ida, ben = past
    week = (await ask("GET", f"{WEEKS}/number/3")).json()["id"]
    assert (await ask("DELETE", f"{WEEKS}/{week}/ratings/{ben.user_id}")).status_code == 204
    told = await stats()
    assert (told["ratings"], told["average"]) == (5, 3.8)
    rated = {line["user"]["id"]: (line["rated"], line["rated_of"]) for line in told["attendance"]}
    assert rated == {str(ida.user_id): (3, 3), str(ben.user_id): (2, 2)}


async def test_ratings_of_what_is_no_longer_the_winner_do_not_count(ask, hold, club_of, stats):
    ida, ben = await club_of("Ida", "Ben")
    week = await hold(1, {ida: "Blue", ben: "Low"}, won=ida, ratings={ida: 5, ben: 4})
    items = (await ask("GET", f"{WEEKS}/{week}/nominations")).json()["items"]
    other = next(each["id"] for each in items if each["album"]["title"] == "Low")
    await ask("POST", f"{WEEKS}/{week}/winner", {"nomination_id": other})
    told = await stats()
    assert (told["ratings"], told["averages"], told["most_loved"]) == (0, [], [])
    assert told["nominators"][0]["user"]["display_name"] == "Ben"


async def test_a_withdrawn_nomination_was_none(ask, hold, club_of, stats):
    ida, ben, cleo = await club_of("Ida", "Ben", "Cleo")
    week = await hold(1, {ida: "Blue", ben: "Low"}, votes={cleo: (ben, ida)})
    items = (await ask("GET", f"{WEEKS}/{week}/nominations")).json()["items"]
    gone = next(each["id"] for each in items if each["album"]["title"] == "Low")
    await ask("DELETE", f"{WEEKS}/{week}/nominations/{gone}")
    await ask(
        "POST", f"{WEEKS}/{week}/winner", {"nomination_id": next(each["id"] for each in items if each["id"] != gone)}
    )
    told = await stats()
    assert told["nominations"] == 1
    (line,) = told["nominators"]
    assert (line["user"]["display_name"], line["points"], line["win_rate"]) == ("Ida", 1, 1)
    assert [(each["expected"], each["owed"]) for each in told["fairness"]] == [(1, 0)]


async def test_a_winner_that_nobody_nominated_is_nobodys_win(ask, hold, record, club_of, stats):
    (ida,) = await club_of("Ida")
    week, pearl = await hold(1, {ida: "Blue"}), await record("Pearl", year=None)
    await ask("POST", f"{WEEKS}/{week}/winner", {"album": {"album_id": str(pearl.album_id)}})
    told = await stats()
    assert told["weeks"]["with_winner"] == 1
    assert (told["nominators"][0]["wins"], told["nominators"][0]["drought"]["weeks"]) == (0, 1)
    assert (told["fairness"], told["winners"]["decades"]) == ([], [])


@pytest.mark.parametrize(
    "wrong",
    [
        "from=yesterday",
        "from=2025-02-30",
        "from=2025-12-01&to=2025-11-30",
        "tag=%20",
        "tag=a%00b",
        f"tag={'x' * 61}",
        "kind=party",
        "limit=0",
        "limit=101",
        "limit=x",
    ],
)
async def test_what_cannot_be_asked_is_refused(ask, refusal, wrong):
    assert refusal(await ask("GET", f"/club/stats?{wrong}")) == (422, "invalid")


async def test_a_club_that_is_not_there_has_no_memory(ask, refusal):
    for path in ("stats", "members/me", "albums"):
        assert refusal(await ask("GET", f"/clubs/nowhere/{path}")) == (404, "no_such_club")


async def test_without_a_token_nothing_is_shown(ask, refusal):
    for path in ("stats", "members/me", "albums"):
        assert refusal(await ask("GET", f"/club/{path}", by={})) == (401, "bad_token")


async def test_many_weeks_take_as_many_queries_as_one(ask, hold, club_of, queries):
    counts = []
    for some in (range(1), range(1, 8)):
        for number in some:
            people = await club_of(f"Ida {number}", f"Ben {number}")
            both = {each: f"{each.display_name} {number}" for each in people}
            await hold(number, both, won=people[0], votes={people[1]: people[:1]}, ratings=dict.fromkeys(people, 4))
        for path in ("stats", f"members/{people[0].user_id}", "albums", "albums?q=ida"):
            before = len(queries)
            assert (await ask("GET", f"/club/{path}")).status_code == 200
            counts.append(len(queries) - before)
    assert counts[:4] == counts[4:]
