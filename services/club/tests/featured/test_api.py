"""Whether the club has had an album before, over HTTP."""

from urllib.parse import quote

import pytest
from sqlalchemy import text

from chassis.paging import encode_cursor

WEEKS = "/club/weeks"


@pytest.fixture(autouse=True)
async def in_the_open(rules):
    """A club that shows what is rated at once: what is hidden counts for nobody."""
    await rules(rating_visibility="always")


@pytest.fixture
def put_up(ask, club_of):
    """`await put_up(3, blue, "Ida", won=True, ratings=(4,))`: an album in a week, for somebody new."""

    async def make(number, album, nominator, *, won=False, ratings=(), club="/club"):
        week = f"{club}/weeks/{(await ask('POST', f'{club}/weeks', {'number': number})).json()['id']}"
        (person,) = await club_of(nominator)
        body = {"user": {"user_id": str(person.user_id)}, "album": {"album_id": str(album.album_id)}}
        nomination = (await ask("POST", f"{week}/nominations", body)).json()
        if won:
            await ask("POST", f"{week}/winner", {"nomination_id": nomination["id"]})
        raters = await club_of(*(f"Rater {each}" for each in range(len(ratings))))
        for rater, rating in zip(raters, ratings, strict=True):
            await ask("POST", f"{week}/ratings", {"user": {"user_id": str(rater.user_id)}, "rating": rating})
        return nomination["id"]

    return make


@pytest.fixture
async def shelf(put_up, record):
    """Blue was featured twice and Homogenic once; two more were only nominated; one never was."""
    blue, bjork = await record("Blue"), await record("Homogenic", "Björk", 1997)
    other, sigur = await record("Blue Train", "John Coltrane", 1957), await record("Ágætis byrjun", "Sigur Rós", 1999)
    await record("Blue Lines", "Massive Attack")
    await put_up(1, blue, "Ida", won=True, ratings=(4, 5))
    await put_up(1, other, "Ben")
    await put_up(2, bjork, "Cleo", won=True)
    await put_up(2, blue, "Dora")
    await put_up(2, blue, "Emil")
    await put_up(3, blue, "Ben", won=True, ratings=(3,))
    await put_up(3, sigur, "Ida")
    return {"blue": blue}


@pytest.fixture
def found(ask):
    async def search(query="", by=None, club="/club"):
        answer = await ask("GET", f"{club}/albums?{query}", by=by)
        assert answer.status_code == 200, answer.text
        return answer.json()["items"]

    return search


def titles(items):
    return [each["album"]["title"] for each in items]


async def test_an_album_says_when_it_was_featured_and_how_it_was_liked(shelf, found):
    blue = (await found("q=blue"))[0]
    assert [(each["number"], each["won"], each["average"]) for each in blue["featured"]] == [
        (3, True, 3.0),
        (1, True, 4.5),
    ]
    assert [each["nominator"]["display_name"] for each in blue["featured"]] == ["Ben", "Ida"]
    assert blue["featured"][1]["label"].startswith("WEEK 001")
    # Two who nominate it in one week are one time.
    assert (blue["times_nominated"], blue["times_won"]) == (3, 2)


async def test_an_album_that_was_only_nominated_was_never_featured(shelf, found):
    (train,) = await found("q=train")
    assert (train["featured"], train["times_nominated"], train["times_won"]) == ([], 1, 0)


async def test_without_words_all_are_listed_the_last_featured_first(shelf, found):
    for query in ("", "q="):
        assert titles(await found(query)) == ["Blue", "Homogenic", "Ágætis byrjun", "Blue Train"]


@pytest.mark.parametrize(
    ("q", "first"),
    [
        ("blue", ["Blue", "Blue Train"]),
        ("BLUE TRAIN", ["Blue Train"]),
        ("blu", ["Blue", "Blue Train"]),
        ("joni mitchell", ["Blue"]),
        ("Blue Joni", ["Blue"]),
        ("mitchell blue", ["Blue"]),
        ("bjork", ["Homogenic"]),
        ("BJÖRK", ["Homogenic"]),
        ("homogeinc", ["Homogenic"]),
        ("coltrain", ["Blue Train"]),
        ("sigur ros", ["Ágætis byrjun"]),
        ("agaetis", ["Ágætis byrjun"]),
        ("massive attack", []),
        ("%", []),
        ("_", []),
        ("' OR 1=1 --", []),
    ],
)
async def test_albums_are_found_by(shelf, found, q, first):
    assert titles(await found(f"q={quote(q)}"))[: len(first)] == first
    if not first:
        assert await found(f"q={quote(q)}") == []


async def test_the_very_name_comes_before_what_was_featured(shelf, put_up, record, found):
    train = await record("Train", "Somebody")
    await put_up(4, await record("Trains", "Somebody"), "Ida", won=True)
    await put_up(4, train, "Ben")
    assert titles(await found("q=train"))[:3] == ["Train", "Trains", "Blue Train"]


async def test_a_name_without_letters_is_found(put_up, record, found):
    await put_up(1, await record("!!!", "!!!"), "Ida")
    assert titles(await found("q=!!!")) == ["!!!"]


async def test_a_winner_that_nobody_nominated_was_featured_but_did_not_win(ask, record, found):
    pearl = await record("Pearl")
    week = (await ask("POST", WEEKS, {"number": 1})).json()["id"]
    await ask("POST", f"{WEEKS}/{week}/winner", {"album": {"album_id": str(pearl.album_id)}})
    (item,) = await found()
    assert (item["times_nominated"], item["times_won"]) == (0, 0)
    (featured,) = item["featured"]
    assert (featured["won"], featured["nominator"], featured["average"]) == (False, None, None)


async def test_what_was_withdrawn_was_never_nominated(ask, put_up, record, found):
    nomination = await put_up(1, await record("Blue"), "Ida")
    week = (await ask("GET", f"{WEEKS}/current")).json()["id"]
    await ask("DELETE", f"{WEEKS}/{week}/nominations/{nomination}")
    assert await found() == await found("q=blue") == []


async def test_drafts_are_hidden_from_those_who_do_not_see_them(shelf, stage, sign, found):
    async with stage.db.transaction() as tx:
        await tx.execute(text("UPDATE weeks SET phase = 'draft' WHERE number = 3"))
    assert titles(await found(by=sign("anonymous"))) == ["Homogenic", "Blue", "Blue Train"]
    (blue, *_) = await found("q=blue", by=sign("anonymous"))
    assert ([each["number"] for each in blue["featured"]], blue["times_nominated"]) == ([1], 2)
    assert len(await found()) == 4


async def test_each_club_has_its_own_shelf(ask, sign, shelf, put_up, found):
    await ask("PUT", "/clubs/blue-notes", {}, by=sign("admin"))
    assert await found(club="/clubs/blue-notes") == []
    await put_up(1, shelf["blue"], "Ida", club="/clubs/blue-notes")
    (blue,) = await found("q=blue", club="/clubs/blue-notes")
    assert (blue["times_nominated"], blue["featured"]) == (1, [])


@pytest.mark.parametrize("query", ["", "q=blue&"])
async def test_all_pages_together_show_every_album_once(shelf, ask, found, query):
    seen, cursor = [], ""
    while cursor is not None:
        page = (await ask("GET", f"/club/albums?{query}limit=1{cursor and f'&cursor={cursor}'}")).json()
        seen, cursor = [*seen, *titles(page["items"])], page["next_cursor"]
    assert seen == titles(await found(query))


async def test_a_cursor_beyond_the_last_album_finds_nothing(shelf, found):
    assert await found(f"cursor={encode_cursor(2**62)}") == []


@pytest.mark.parametrize("wrong", ["q=%20", "q=a%00b", f"q={'x' * 201}", "limit=0", "limit=101"])
async def test_what_cannot_be_looked_for_is_refused(ask, refusal, wrong):
    assert refusal(await ask("GET", f"/club/albums?{wrong}")) == (422, "invalid")


async def test_a_cursor_that_is_not_ours_is_refused(ask, refusal):
    for cursor in ("x", encode_cursor("x"), encode_cursor(1, 2)):
        assert refusal(await ask("GET", f"/club/albums?cursor={cursor}")) == (422, "bad_cursor")
