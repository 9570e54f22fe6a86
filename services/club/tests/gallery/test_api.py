"""Looking through the weeks over HTTP."""

from datetime import UTC, datetime
from urllib.parse import quote
from uuid import uuid4

import pytest

from chassis.paging import encode_cursor

WEEKS = "/club/weeks"


@pytest.fixture
def hold(ask, club_of, record):
    """`await hold(3, "Ida", "Blue", "Joni Mitchell", genre="folk", ratings=(4,))`: a week that was decided."""

    async def make(number, nominator, title, artist, *, ratings=(), day=None, **tags):
        week = (await ask("POST", WEEKS, {"number": number, "date_discussion": day})).json()["id"]
        (person,), album = await club_of(nominator), await record(title, artist)
        named = {"user": {"user_id": str(person.user_id)}, "album": {"album_id": str(album.album_id)}, "tags": tags}
        nomination = (await ask("POST", f"{WEEKS}/{week}/nominations", named)).json()
        await ask("POST", f"{WEEKS}/{week}/winner", {"nomination_id": nomination["id"]})
        raters = await club_of(*(f"Rater {each}" for each in range(len(ratings))))
        for rater, rating in zip(raters, ratings, strict=True):
            body = {"user": {"user_id": str(rater.user_id)}, "rating": rating}
            await ask("POST", f"{WEEKS}/{week}/ratings", body)
        return person

    return make


@pytest.fixture
async def season(ask, hold):
    """Four decided weeks, and one that is not; who nominated, by week."""
    await ask("POST", WEEKS, {"number": 5, "label": "Special: 100% live_set", "date_discussion": "2025-12-15"})
    return {
        1: await hold(1, "Ida", "Blue", "Joni Mitchell", day="2025-11-17", genre="Folk", country="Canada"),
        2: await hold(2, "Ben", "Homogenic", "Björk", day="2025-11-24", genre="Electronic", country="Iceland"),
        3: await hold(3, "Cleo", "Ágætis byrjun", "Sigur Rós", day="2025-12-01", decade="1990s", country="Iceland"),
        4: await hold(4, "Ida", "Группа крови", "Кино", day="2025-12-08", decade="1980s"),
    }


@pytest.fixture
def found(ask):
    """`await found("q=blue")`: the numbers of the weeks that a bot finds, in order."""

    async def search(query="", by=None):
        answer = await ask("GET", f"{WEEKS}?{query}", by=by)
        assert answer.status_code == 200, answer.text
        return [week["number"] for week in answer.json()["items"]]

    return search


async def test_a_week_shows_its_winner_and_how_it_was_rated(ask, hold):
    ida = await hold(3, "Ida", "Blue", "Joni Mitchell", ratings=(4, 4.5, 4.5), day="2025-11-24", genre="folk")
    (week,) = (await ask("GET", WEEKS)).json()["items"]
    assert week["label"] == "WEEK 003 [2025-11-24]"
    assert (week["winner"]["title"], week["winner"]["artist"]) == ("Blue", "Joni Mitchell")
    assert "cover_url" in week["winner"]
    assert week["winner_album_id"] == week["winner"]["id"]
    assert (week["average"], week["ratings"]) == (4.33, 3)
    assert week["tags"] == {"genre": "folk", "decade": None, "country": None}
    assert (week["nominator"]["id"], week["nominator"]["discord_id"]) == (str(ida.user_id), ida.discord_id)


async def test_a_week_that_is_not_decided_is_there_with_nothing_of_a_winner(ask, a_week):
    await a_week()
    (week,) = (await ask("GET", WEEKS)).json()["items"]
    assert (week["winner"], week["winner_album_id"], week["nominator"], week["average"], week["ratings"]) == (
        None,
        None,
        None,
        None,
        0,
    )
    assert week["tags"] == {"genre": None, "decade": None, "country": None}


async def test_the_gallery_and_the_document_agree_on_the_average(ask, hold):
    await hold(3, "Ida", "Blue", "Joni Mitchell", ratings=(4, 4, 4, 4.5))
    (item,) = (await ask("GET", WEEKS)).json()["items"]
    document = (await ask("GET", f"{WEEKS}/{item['id']}")).json()
    assert item["average"] == document["ratings"]["average"] == 4.13


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", [5, 4, 3, 2, 1]),
        ("has_winner=true", [4, 3, 2, 1]),
        ("has_winner=false", [5]),
        ("from=2025-11-24", [5, 4, 3, 2]),
        ("to=2025-11-24", [2, 1]),
        ("from=2025-11-24&to=2025-11-24", [2]),
        ("from=2025-11-24T20:00:00Z&to=2025-12-01", [3, 2]),
        ("tag=ICELAND", [3, 2]),
        ("tag=folk", [1]),
        ("tag=1980S", [4]),
        ("tag=fol", []),
        ("artist=BJORK", [2]),
        ("artist=bj\u00f6r", [2]),
        ("artist=bjo\u0308rk", [2]),
        ("artist=sigur ros", [3]),
        ("artist=кино", [4]),
        ("artist=blue", []),
        ("q=agaetis", [3]),
        ("q=BLUE", [1]),
        ("q=mitchell", [1]),
        ("q=week 003 [2025", [3]),
        ("q=2025-12", [4, 3]),
        ("q=special", [5]),
        ("q=100%25", [5]),
        ("q=e_s", [5]),
        ("q=%25", [5]),
        ("q=\uff05", [5]),
        ("q=_", [5]),
        ("q=\\", []),
        ("q=' OR 1=1 --", []),
        ("tag=Iceland&artist=sigur&has_winner=true", [3]),
        ("has_winner=&from=&to=&tag=&artist=&nominator=&q=&ref=&limit=&cursor=", [5, 4, 3, 2, 1]),
    ],
)
async def test_weeks_are_found_by(season, found, query, numbers):
    assert await found(quote(query, safe="=&%")) == numbers


async def test_weeks_are_found_by_who_nominated_the_winner(season, found):
    assert await found(f"nominator={season[2].user_id}") == [2]
    assert await found(f"nominator=discord:{season[3].discord_id}") == [3]
    assert await found(f"nominator={uuid4()}") == []
    assert await found("nominator=discord:1") == []


async def test_who_sees_no_discord_ids_cannot_look_for_them(season, ask, sign, found, refusal):
    for kind in ("anonymous", "user"):
        answer = await ask("GET", f"{WEEKS}?nominator=discord:{season[3].discord_id}", by=sign(kind))
        assert refusal(answer) == (403, "discord_ids_hidden")
        assert await found(f"nominator={season[3].user_id}", by=sign(kind)) == [3]
    (item,) = (await ask("GET", f"{WEEKS}?q=blue", by=sign("anonymous"))).json()["items"]
    assert item["nominator"]["discord_id"] is None


async def test_weeks_are_found_by_where_they_stand_on_discord(ask, found):
    await ask("POST", WEEKS, {"number": 1, "refs": [{"kind": "winner", "id": "7"}, {"kind": "message", "id": "8"}]})
    await ask("POST", WEEKS, {"number": 2, "refs": [{"kind": "poll", "id": "7"}]})
    assert await found("ref=discord:winner:7") == [1]
    assert await found("ref=discord:message:8") == [1]
    assert await found("ref=discord:poll:7") == [2]
    assert await found("ref=discord:poll:8") == []


async def test_a_week_without_a_day_counts_by_the_day_it_was_made(a_week, found):
    await a_week()
    today = datetime.now(UTC).date().isoformat()
    assert await found(f"from={today}&to={today}") == [3]
    assert await found("to=2025-01-01") == []


@pytest.mark.parametrize(
    "wrong",
    [
        "has_winner=perhaps",
        "from=yesterday",
        "from=2025-02-30",
        "from=2025-12-01&to=2025-11-30",
        "tag=%20",
        f"tag={'x' * 61}",
        f"q={'x' * 201}",
        "q=a%00b",
        "nominator=ida",
        "nominator=discord:ida",
        "nominator=discord:",
        "ref=7",
        "ref=discord:7",
        "ref=discord:thread:7",
        "ref=slack:poll:7",
        "ref=discord:poll:7:8",
        "ref=discord:poll:x",
        "limit=0",
        "limit=101",
        "limit=x",
    ],
)
async def test_what_cannot_be_looked_for_is_refused(ask, refusal, wrong):
    assert refusal(await ask("GET", f"{WEEKS}?{wrong}")) == (422, "invalid")


@pytest.mark.parametrize("limit", [1, 3, 7, 100])
async def test_all_pages_together_show_every_week_once(ask, a_week, limit):
    for number in (5, 1, 9, 12, 2, 30, 4):
        await a_week(number)
    seen, cursor = [], ""
    while cursor is not None:
        page = (await ask("GET", f"{WEEKS}?limit={limit}{cursor and f'&cursor={cursor}'}")).json()
        seen, cursor = [*seen, *(week["number"] for week in page["items"])], page["next_cursor"]
    assert seen == [30, 12, 9, 5, 4, 2, 1]


@pytest.mark.parametrize("cursor", ["x", "Ä", "WyJ4Il0", "W10", "W3RydWVd", "Wy0xXQ", "W251bGxd", "%00", "A" * 400])
async def test_a_cursor_that_is_not_ours_is_refused(ask, refusal, cursor):
    assert refusal(await ask("GET", f"{WEEKS}?cursor={cursor}")) == (422, "bad_cursor")


async def test_a_cursor_beyond_all_numbers_starts_at_the_newest_week(a_week, found):
    await a_week()
    assert await found(f"cursor={encode_cursor(2**62)}") == [3]


async def test_a_page_takes_as_many_queries_for_ten_weeks_as_for_one(ask, hold, queries):
    counts = []
    for some in (range(1), range(1, 10)):
        for number in some:
            await hold(number, f"Member {number}", f"Album {number}", "Various Artists", ratings=(4,))
        before = len(queries)
        await ask("GET", WEEKS)
        counts.append(len(queries) - before)
    assert counts[0] == counts[1]


async def test_without_a_token_nothing_is_shown(ask, refusal, a_week):
    week = await a_week()
    for path in ("", "/current", "/number/3", f"/{week}", f"/{week}/ratings", f"/{week}/ratings/summary"):
        assert refusal(await ask("GET", f"{WEEKS}{path}", by={})) == (401, "bad_token")
