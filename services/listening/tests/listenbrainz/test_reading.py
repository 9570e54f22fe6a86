"""Reading back what was listened to, as ListenBrainz shows it."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import update

from listening.models import NowPlaying, User


@pytest.fixture
async def ten(submit, item):
    await submit("import", *(item(f"Song {n}", at=1_700_000_000 + 100 * n, info={"duration": 60}) for n in range(10)))


def titles(payload):
    return [each["track_metadata"]["track_name"][5:] for each in payload["listens"]]


@pytest.mark.usefixtures("ten")
@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("", "9876543210"),
        ("?count=3", "987"),
        ("?max_ts=1700000300", "210"),
        ("?max_ts=1700000300&count=2", "21"),
        ("?min_ts=1700000700", "98"),
        ("?min_ts=1700000300&count=2", "54"),
        ("?min_ts=1700000200&max_ts=1700000600", "543"),
        ("?count=5000", "9876543210"),
        ("?count=0", ""),
        ("?max_ts=99999999999999999999", "9876543210"),
    ],
)
async def test_listens_are_shown_newest_first_between_bounds_that_are_not_included(shown, query, told):
    payload = await shown(f"listens{query}")
    assert titles(payload) == [*told]
    assert (payload["count"], payload["user_id"]) == (len(told), "wren")
    assert (payload["latest_listen_ts"], payload["oldest_listen_ts"]) == (1_700_000_900, 1_700_000_000)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("count=many", "Invalid count argument: many"),
        ("min_ts=2&max_ts=2", "max_ts should be greater than min_ts"),
        ("max_ts=now", "Invalid max_ts argument: now"),
        ("count=-1", "'count' should be a non-negative integer"),
    ],
)
async def test_what_is_no_number_is_refused(client, wrens, query, sentence):
    answer = await client.get(f"/1/user/wren/listens?{query}", headers=wrens)
    assert (answer.status_code, answer.json()["detail"]) == (400, sentence)


async def test_a_listen_is_shown_as_it_was_told(shown, submit, item, sign):
    info = {"media_player": "mpv", "duration_ms": 262_000, "origin_url": "https://home.example/"}
    await submit("single", item(info=info))
    [listen] = (await shown())["listens"]
    assert listen["inserted_at"] > listen["listened_at"] == 1_763_496_000
    assert listen["user_name"] == "wren"
    msid, metadata = listen["recording_msid"], listen["track_metadata"]
    names = {"artist_name": "Joni Mitchell", "track_name": "A Case of You", "release_name": "Blue"}
    told = info | {"submission_client": "mpv", "recording_msid": msid}
    assert metadata == names | {"additional_info": told}
    # Others are not told from where.
    [seen] = (await shown(headers=sign("anonymous")))["listens"]
    assert seen["track_metadata"]["additional_info"] == {"duration_ms": 262_000, "recording_msid": msid}


async def test_who_listens_is_found_by_handle_or_by_id(shown, wren):
    for name in ("wren", "WREN", str(wren.user_id)):
        assert (await shown("listen-count", name))["count"] == 0


@pytest.mark.parametrize("what", ["listens", "listen-count", "playing-now"])
async def test_of_nobody_it_is_said_that_there_is_nobody(client, wrens, what):
    answer = await client.get(f"/1/user/nobody/{what}", headers=wrens)
    assert (answer.status_code, answer.json()["detail"]) == (404, "Cannot find user: nobody")


async def test_no_name_breaks_by_a_nul(client, wrens):
    answer = await client.get("/1/latest-import?user_name=%00", headers=wrens)
    assert answer.status_code == 404


async def test_whoever_has_just_come_reads_that_there_is_nothing(client, sign):
    newcomer = "01890000-0000-7000-8000-000000000001"
    answer = await client.get(f"/1/user/{newcomer}/listen-count", headers=sign("user", sub=newcomer))
    assert answer.json() == {"payload": {"count": 0}}


MEMBER, KEY = [], ["listens:write"]


@pytest.mark.parametrize("what", ["user/wren/listens", "user/wren/playing-now", "latest-import?user_name=wren"])
@pytest.mark.parametrize(
    ("audience", "seen_by"),
    [
        ("public", {"anonymous", "member", "key", "worker", "bot", "admin", "own"}),
        ("members", {"member", "worker", "bot", "admin", "own"}),
        ("private", {"worker", "bot", "admin", "own"}),
    ],
)
async def test_listens_are_shown_to_whom_their_owner_lets_see_them(stage, client, sign, wren, what, audience, seen_by):
    async with stage.db.transaction() as tx:
        await tx.execute(update(User).values(privacy={"listening": audience}))
    callers = {name: sign(name) for name in ("anonymous", "worker", "bot", "admin")}
    callers |= {"member": sign("user", scopes=[]), "key": sign("user", scopes=KEY)}
    callers["own"] = sign("user", sub=str(wren.user_id), scopes=KEY)
    answers = {name: (await client.get(f"/1/{what}", headers=headers)).status_code for name, headers in callers.items()}
    assert answers == {name: 200 if name in seen_by else 403 for name in callers}


async def test_what_several_saw_is_shown_and_counted_once(shown, submit, item, tell, listen):
    await tell(listen(at=(await played_at(submit, item)), source="lastfm", track={"duration_ms": 262_000}))
    assert (await shown("listen-count"))["count"] == 1
    assert len((await shown())["listens"]) == 1


async def played_at(submit, item):
    await submit("single", item(info={"duration_ms": 262_000}))
    return datetime.fromtimestamp(1_763_496_003, tz=UTC)


async def test_what_plays_now_is_shown_until_it_is_over(stage, shown, submit, item):
    assert await shown("playing-now") == {"count": 0, "user_id": "wren", "playing_now": True, "listens": []}
    await submit("playing_now", item(at=None, info={"duration": 200, "media_player": "mpv"}))
    payload = await shown("playing-now")
    [listen] = payload["listens"]
    assert (payload["count"], listen["playing_now"], "listened_at" in listen) == (1, True, False)
    assert listen["track_metadata"]["additional_info"]["media_player"] == "mpv"
    async with stage.db.transaction() as tx:
        playing = (await tx.execute(update(NowPlaying).returning(NowPlaying).values(source="x"))).scalar_one()
        assert (playing.expires_at - playing.started_at).total_seconds() == pytest.approx(200)
        await tx.execute(update(NowPlaying).values(expires_at=playing.started_at))
    assert (await shown("playing-now"))["count"] == 0


async def test_what_tells_no_length_plays_for_ten_minutes(stage, submit, item):
    await submit("playing_now", item(at=None))
    async with stage.db.transaction() as tx:
        [playing] = (await tx.execute(update(NowPlaying).returning(NowPlaying).values(source="x"))).scalars()
    assert (playing.expires_at - playing.started_at).total_seconds() == pytest.approx(600)


async def test_the_same_again_goes_on_and_another_takes_its_place(stage, shown, submit, item):
    async def stamp():
        async with stage.db.transaction() as tx:
            [row] = (await tx.execute(update(NowPlaying).returning(NowPlaying).values(source="x"))).scalars()
        return row.started_at, row.expires_at

    await submit("playing_now", item(at=None))
    before = await stamp()
    await submit("playing_now", item(at=None, info={"duration": 3}))
    assert await stamp() == before
    await submit("playing_now", item("River", at=None))
    assert await stamp() > before
    assert (await shown("playing-now"))["listens"][0]["track_metadata"]["track_name"] == "River"


async def test_a_single_of_it_ends_what_plays_now_and_one_of_another_does_not(shown, submit, item):
    await submit("playing_now", item(at=None))
    await submit("single", item("River"))
    await submit("import", item())
    assert (await shown("playing-now"))["count"] == 1
    await submit("single", item(at=1_763_496_300))
    assert (await shown("playing-now"))["count"] == 0


async def test_what_plays_now_is_ended_by_its_owner(client, wrens, shown, submit, item):
    await submit("playing_now", item(at=None))
    assert (await client.post("/1/playing-now/delete", headers=wrens)).json() == {"status": "ok"}
    assert (await shown("playing-now"))["count"] == 0


async def test_how_far_an_import_came_never_goes_back(client, wrens):
    async def latest(query="?user_name=wren"):
        return (await client.get(f"/1/latest-import{query}", headers=wrens)).json()

    async def reach(**told):
        return (await client.post("/1/latest-import", json=told, headers=wrens)).json()

    assert await latest() == {"musicbrainz_id": "wren", "latest_import": 0}
    for ts in (1_700_000_000, "1600000000"):
        assert await reach(ts=ts) == {"status": "ok"}
    await reach(ts=7, service="librefm")
    assert await latest("") == {"musicbrainz_id": "wren", "latest_import": 1_700_000_000}
    assert (await latest("?service=librefm"))["latest_import"] == 7


@pytest.mark.parametrize("body", [b"7", b'{"ts": "now"}', b'{"ts": -1}', b'{"ts": 1, "service": "Last FM"}'])
async def test_an_import_that_came_nowhere_is_refused(client, wrens, body):
    answer = await client.post("/1/latest-import", content=body, headers=wrens)
    assert (answer.status_code, answer.json()["detail"]) == (400, "Invalid data sent")
