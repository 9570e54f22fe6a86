"""What somebody listens to, as others read it."""

from datetime import UTC, datetime, timedelta

import pytest

TODAY = datetime.now(UTC)


@pytest.fixture
def read(client, sign, wren):
    """`await read("/summary")`: Wren's, as Wren reads it."""

    async def ask(path, whom="me", status=200, **params):
        headers = sign("user", sub=str(wren.user_id))
        answer = await client.get(f"/users/{whom}{path}", params=params, headers=headers)
        assert answer.status_code == status, answer.text
        return answer.json()

    return ask


@pytest.fixture
async def evening(tell, listen):
    """Blue once through by two sources, its first song twice more, and something else."""
    songs = ["All I Want", "My Old Man", "Little Green", "Carey"]
    await tell(*(listen(song, minutes=4 * each) for each, song in enumerate(songs)))
    await tell(*(listen(song, minutes=4 * each + 0.1, source="maloja") for each, song in enumerate(songs)))
    await tell(listen(songs[0], minutes=30), listen(songs[0], minutes=60, duration_ms=200_000))
    await tell(listen("Helplessness Blues", "Fleet Foxes", None, minutes=90))
    return songs


async def test_plays_come_latest_first_in_pages_with_everybody_who_saw_them(read, evening):
    first = await read("/listens/recent", limit=3)
    rest = await read("/listens/recent", limit=100, cursor=first["next_cursor"])
    items = [*first["items"], *rest["items"]]
    assert [item["track"]["title"] for item in items] == ["Helplessness Blues", *[evening[0]] * 2, *reversed(evening)]
    assert [item["sources"] for item in items] == [["lastfm"]] * 3 + [["lastfm", "maloja"]] * 4
    assert rest["next_cursor"] is None
    assert items[0]["track"]["album"] is None
    assert len({item["id"] for item in items}) == 7


async def test_plays_may_be_of_one_source_or_since_a_moment(read, evening):
    assert len((await read("/listens/recent", source="maloja"))["items"]) == 4
    since = await read("/listens/recent", since="2025-11-18T20:30:00Z")
    assert [item["started_at"] for item in since["items"]] == [
        "2025-11-18T21:30:00Z",
        "2025-11-18T21:00:00Z",
        "2025-11-18T20:30:00Z",
    ]


async def test_a_summary_counts_plays_and_ranks_what_was_played(read, evening):
    told = await read("/summary", period="2025-11-01..2025-11-30")
    assert {name: told[name]["now"] for name in ("plays", "artists", "albums", "tracks")} == {
        "plays": 7,
        "artists": 2,
        "albums": 1,
        "tracks": 5,
    }
    assert [(each["artist"]["name"], each["plays"]) for each in told["top_artists"]] == [
        ("Joni Mitchell", 6),
        ("Fleet Foxes", 1),
    ]
    assert [(each["album"]["title"], each["plays"]) for each in told["top_albums"]] == [("Blue", 6)]
    assert (told["top_tracks"][0]["track"]["title"], told["top_tracks"][0]["plays"]) == ("All I Want", 3)
    assert told["ms"]["now"] == 200_000
    assert told["left_out"] == {}


@pytest.mark.parametrize(
    ("period", "plays", "before"),
    [
        ("all", 7, None),
        ("2025", 7, 0),
        ("2025-11", 7, 0),
        ("2025-12", 0, 7),
        ("2025-11-18..2025-11-18", 7, 0),
        ("2025-11-19..2025-11-19", 0, 7),
        ("2025-10-20..2025-12-10", 7, 0),
    ],
)
async def test_a_period_is_compared_with_the_one_before(read, evening, period, plays, before):
    told = await read("/summary", period=period)
    assert told["plays"] == {"now": plays, "before": before}
    assert told["artists"]["now"] == (2 if plays else 0)
    assert told["artists"]["before"] == (before and 2)


async def test_the_last_days_end_today(read, tell, listen):
    await tell(
        listen("Blue", at=TODAY),
        listen("River", at=TODAY - timedelta(days=6)),
        listen("Urge", at=TODAY - timedelta(days=7)),
    )
    told = await read("/summary", period="7d")
    assert told["plays"] == {"now": 2, "before": 1}


@pytest.mark.parametrize("period", ["", "8d", "1999", "2025-13", "2025-11-30..2025-11-01", "2025-11-01..", "x" * 40])
async def test_what_is_no_period_is_refused(read, period):
    told = await read("/summary", period=period, status=422)
    assert told["code"] in {"bad_period", "invalid"}


async def test_a_timeline_has_every_bucket(read, evening):
    months = await read("/timeline", period="2025", bucket="month")
    assert [(point["day"], point["plays"]) for point in months["points"]][9:] == [
        ("2025-10-01", 0),
        ("2025-11-01", 7),
        ("2025-12-01", 0),
    ]
    weeks = await read("/timeline", period="2025-11-17..2025-11-30", bucket="week")
    assert [(point["day"], point["plays"]) for point in weeks["points"]] == [("2025-11-17", 7), ("2025-11-24", 0)]
    assert (await read("/timeline", period="all"))["points"] == [{"day": "2025-11-18", "plays": 7, "ms": 200_000}]
    await read("/timeline", period="2002-01-01..2900-01-01", status=422)


async def test_a_heatmap_is_on_the_listener_s_own_clock(client, listener_of, tell, listen, sign):
    nadege = await listener_of("Nadège", timezone="Asia/Kathmandu")
    await tell(listen("Blue", minutes=0), listen("River", minutes=4), whose=nadege)
    answer = await client.get(f"/users/{nadege.user_id}/heatmap", params={"period": "all"}, headers=sign("anonymous"))
    told = answer.json()
    # 20:00 UTC on a Tuesday is 1:45 on Wednesday there.
    assert (told["days"], told["hours"][2][1], told["timezone"]) == ({"2025-11-19": 2}, 2, "Asia/Kathmandu")
    assert sum(map(sum, told["hours"])) == 2


async def test_streaks_are_days_in_a_row(read, tell, listen):
    days = [20, 19, 18, 17, 5, 1, 0]
    await tell(*(listen("Blue", at=TODAY - timedelta(days=ago)) for ago in days))
    told = await read("/streaks")
    assert (told["longest"]["days"], told["current"]["days"]) == (4, 2)
    assert told["current"]["last_day"] == TODAY.date().isoformat()


async def test_of_nothing_everything_is_empty(read):
    assert (await read("/streaks"))["longest"] == {"days": 0, "first_day": None, "last_day": None}
    assert (await read("/milestones")) == {"reached": [], "next": 1, "missing": 1}
    assert (await read("/timeline", period="all"))["points"] == []
    assert (await read("/now-playing"))["playing"] is None
    assert (await read("/listens/recent"))["items"] == []


async def test_milestones_name_the_play(read, tell, listen):
    await tell(*(listen(f"Song {each}", minutes=each) for each in range(101)))
    told = await read("/milestones")
    assert [(each["plays"], each["track"]["title"]) for each in told["reached"]] == [(1, "Song 0"), (100, "Song 99")]
    assert (told["next"], told["missing"]) == (500, 399)


PATHS = ["/listens/recent", "/summary", "/timeline", "/heatmap", "/streaks", "/milestones", "/now-playing"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("audience", "kind", "status"),
    [
        ("public", "anonymous", 200),
        ("members", "anonymous", 403),
        ("members", "user", 200),
        ("private", "user", 403),
        ("private", "bot", 200),
    ],
)
async def test_who_may_see_it_is_the_listener_s_to_say(client, sign, listener_of, path, audience, kind, status):
    ida = await listener_of("Ida", privacy={"listening": audience})
    answer = await client.get(f"/users/@ida{path}", headers=sign(kind))
    assert answer.status_code == status
    assert (await client.get(f"/users/{ida.user_id}{path}", headers=sign("user", sub=str(ida.user_id)))).is_success


async def test_nobody_is_told_of_as_such(client, sign):
    for whom in ("@nobody", "019ab6e1-1111-7111-8111-111111111111"):
        assert (await client.get(f"/users/{whom}/summary", headers=sign("anonymous"))).status_code == 404
    assert (await client.get("/users/me/summary", headers=sign("anonymous"))).status_code == 401
    assert (await client.get("/users/me/summary", headers=sign("worker"))).status_code == 403
    assert (await client.get("/users/nobody/summary", headers=sign("anonymous"))).status_code == 422
