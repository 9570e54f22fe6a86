"""Who knows an album or an artist, as others read it."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from uuid_utils.compat import uuid7

from contracts.catalog import AlbumChanged
from contracts.identity import UserMerged
from contracts.leaving import UserDeleted
from contracts.merging import AlbumMerged, ArtistMerged
from contracts.naming import messy_album_id, messy_artist_id
from contracts.tracks import TrackMapped
from listening.names.mapping import apply_next
from listening.names.store import Said

BLUE, HEJIRA = (messy_album_id("Joni Mitchell", album) for album in ("Blue", "Hejira"))
JONI, FLEET_FOXES = messy_artist_id("Joni Mitchell"), messy_artist_id("Fleet Foxes")
OF_BLUE, OF_JONI = f"/listens/albums/{BLUE}/listeners", f"/listens/artists/{JONI}/listeners"
MIDNIGHT, EVENING = datetime(2025, 10, 7, tzinfo=UTC), datetime(2025, 11, 18, 20, 0, tzinfo=UTC)


@pytest.fixture
def people(listener_of):
    async def meet(*names, **known):
        return [await listener_of(name, **known) for name in names]

    return meet


@pytest.fixture
def plays(tell, listen):
    """`await plays(ida, 3)`: so many plays of a song of Blue, each a minute after the one before."""

    async def send(whose, count, title="A Case of You", *, at=EVENING, **more):
        await tell(*(listen(title, at=at + timedelta(minutes=each), **more) for each in range(count)), whose=whose)

    return send


@pytest.fixture
def read(client, sign):
    async def get(path, by=None, status=200, **params):
        answer = await client.get(path, params=params, headers=by or sign("anonymous"))
        assert answer.status_code == status, answer.text
        return answer.json()

    return get


def told(page):
    return [(each["user"]["display_name"], each["plays"]) for each in page["items"]]


async def test_whoever_played_an_album_is_listed_and_the_most_plays_come_first(people, plays, read):
    ida, ben, cleo = await people("Ida", "Ben", "Cleo")
    await plays(ida, 2)
    await plays(ben, 3, duration_ms=200_000)
    await plays(cleo, 4, album="Hejira")
    page = await read(OF_BLUE)
    assert (page["album_id"], page["next_cursor"]) == (str(BLUE), None)
    assert told(page) == [("Ben", 3), ("Ida", 2)]
    assert page["items"][0]["ms"] == 600_000
    assert page["total"] == {"people": 2, "plays": 5, "ms": 600_000}


async def test_an_artist_is_known_by_every_album_of_theirs(people, plays, read):
    ida, ben, cleo = await people("Ida", "Ben", "Cleo")
    await plays(ida, 1)
    await plays(ida, 2, "Coyote", album="Hejira")
    await plays(ben, 1, "Amelia", album=None)
    await plays(cleo, 5, "Helplessness Blues", artist="Fleet Foxes")
    page = await read(OF_JONI)
    assert (page["artist_id"], told(page)) == (str(JONI), [("Ida", 3), ("Ben", 1)])
    assert told(await read(f"/listens/artists/{FLEET_FOXES}/listeners")) == [("Cleo", 5)]


async def test_the_months_are_the_first_and_the_last_with_a_play_of_it_on_the_listener_s_calendar(
    listener_of, plays, read
):
    nadege = await listener_of("Nadège", timezone="Europe/Berlin")
    await plays(nadege, 1, at=datetime(2019, 2, 3, tzinfo=UTC), album="Hejira")
    for at in (datetime(2021, 5, 31, 22, 30, tzinfo=UTC), datetime(2024, 2, 29, tzinfo=UTC)):
        await plays(nadege, 1, at=at)
    await plays(nadege, 1, at=datetime(2025, 3, 3, tzinfo=UTC), album="Hejira")
    (item,) = (await read(OF_BLUE))["items"]
    assert (item["first_month"], item["last_month"]) == ("2021-06-01", "2024-02-01")
    (item,) = (await read(OF_JONI))["items"]
    assert (item["first_month"], item["last_month"]) == ("2019-02-01", "2025-03-01")


@pytest.mark.parametrize("path", [OF_BLUE, OF_JONI], ids=["album", "artist"])
async def test_who_does_not_show_it_is_neither_listed_nor_counted_but_to_themself(people, plays, read, sign, path):
    (ida,) = await people("Ida")
    (ben,) = await people("Ben", privacy={"listening": "members"})
    cleo, dora = await people("Cleo", "Dora", privacy={"listening": "private"})
    for count, whose in enumerate((ida, ben, cleo, dora), start=1):
        await plays(whose, count)

    async def seen(by):
        page = await read(path, by)
        assert page["total"]["people"] == len(page["items"])
        assert page["total"]["plays"] == sum(each["plays"] for each in page["items"])
        return {name for name, _ in told(page)}

    assert await seen(sign("anonymous")) == {"Ida"}
    assert await seen(sign("user")) == {"Ida", "Ben"}
    assert await seen(sign("user", scopes=["listens:write"])) == {"Ida"}
    assert await seen(sign("user", sub=str(cleo.user_id))) == {"Ida", "Ben", "Cleo"}
    for kind in ("bot", "worker", "admin"):
        assert await seen(sign(kind)) == {"Ida", "Ben", "Cleo", "Dora"}


async def test_discord_ids_are_for_programs(people, plays, read, sign):
    (ida,) = await people("Ida")
    await plays(ida, 1)
    shown = [(await read(OF_BLUE, by))["items"][0]["user"]["discord_id"] for by in (sign("user"), sign("bot"))]
    assert shown == [None, ida.discord_id]


async def test_what_nobody_can_have_heard_counts_for_nobody_here(people, plays, read, settle):
    ida, ben = await people("Ida", "Ben")
    await plays(ida, 651, at=MIDNIGHT)
    await plays(ben, 651, at=MIDNIGHT)
    await plays(ben, 2, duration_ms=1000)
    assert (await read(OF_BLUE))["total"]["people"] == 2
    await settle()
    for path in (OF_BLUE, OF_JONI):
        page = await read(path)
        assert told(page) == [("Ben", 2)]
        assert page["total"] == {"people": 1, "plays": 2, "ms": 2000}
        assert {page["items"][0][name] for name in ("first_month", "last_month")} == {"2025-11-01"}


async def test_of_a_month_with_a_day_that_is_left_out_the_rest_counts(people, plays, read, settle):
    (ida,) = await people("Ida")
    await plays(ida, 651, at=MIDNIGHT)
    await plays(ida, 1, at=MIDNIGHT + timedelta(days=20))
    await settle()
    (item,) = (await read(OF_BLUE))["items"]
    assert (item["plays"], item["first_month"]) == (1, "2025-10-01")


async def test_pages_have_everybody_once_in_one_order(people, plays, read):
    names = [f"Listener {each}" for each in range(7)]
    everybody = await people(*names)
    for count, whose in zip((1, 3, 3, 2, 3, 1, 5), everybody, strict=True):
        await plays(whose, count)
    seen, cursor = [], {}
    while cursor is not None:
        page = await read(OF_BLUE, limit=2, **cursor)
        assert (page["total"]["people"], page["total"]["plays"]) == (7, 18)
        seen += told(page)
        cursor = page["next_cursor"] and {"cursor": page["next_cursor"]}
    whole = told(await read(OF_BLUE))
    assert seen == whole
    assert sorted(name for name, _ in seen) == names
    assert [plays for _, plays in seen] == [5, 3, 3, 3, 2, 1, 1]


async def test_people_who_are_one_are_listed_once_and_who_left_is_gone(people, plays, read, deliver):
    ida, eda, ben = await people("Ida", "Eda", "Ben")
    for whose, title in ((ida, "Carey"), (eda, "Carey"), (eda, "River"), (ben, "River")):
        await plays(whose, 1, title)
    await deliver(UserMerged(user_id=eda.user_id, survivor_id=ida.user_id, version=9))
    assert told(await read(OF_BLUE)) == [("Ida", 2), ("Ben", 1)]
    left = {"aliases": [eda.user_id], "former_id": uuid4(), "deleted_at": "2025-11-24T12:00:00Z"}
    await deliver(UserDeleted(user_id=ida.user_id, version=10, **left))
    assert told(await read(OF_BLUE)) == [("Ben", 1)]


async def test_an_album_answers_for_those_that_turned_out_to_be_it_until_they_are_taken_apart(
    people, plays, read, deliver
):
    ida, ben = await people("Ida", "Ben")
    await plays(ida, 1)
    await plays(ida, 1, "Coyote", album="Hejira")
    await plays(ben, 1, "Coyote", album="Hejira")
    await deliver(AlbumMerged(album_id=HEJIRA, survivor_id=BLUE, version=1))
    for asked in (BLUE, HEJIRA):
        page = await read(f"/listens/albums/{asked}/listeners")
        assert (page["album_id"], told(page)) == (str(BLUE), [("Ida", 2), ("Ben", 1)])
    await deliver(AlbumMerged(album_id=HEJIRA, survivor_id=None, version=2))
    page = await read(f"/listens/albums/{HEJIRA}/listeners")
    assert (page["album_id"], sorted(told(page))) == (str(HEJIRA), [("Ben", 1), ("Ida", 1)])


async def test_an_artist_answers_for_whoever_turned_out_to_be_them(people, plays, read, deliver):
    ida, ben = await people("Ida", "Ben")
    await plays(ida, 1)
    await plays(ben, 2, "Coyote", artist="Joni M.")
    await deliver(ArtistMerged(artist_id=messy_artist_id("Joni M."), survivor_id=JONI, version=1))
    for asked in (JONI, messy_artist_id("Joni M.")):
        page = await read(f"/listens/artists/{asked}/listeners")
        assert (page["artist_id"], told(page)) == (str(JONI), [("Ben", 2), ("Ida", 1)])


async def test_what_the_catalogue_says_a_track_is_of_counts_for_that(people, plays, read, deliver, stage, settle):
    ida, ben = await people("Ida", "Ben")
    await plays(ida, 651, at=MIDNIGHT)
    await plays(ben, 1)
    await settle()
    album_id, artist_id = uuid7(), uuid7()
    names = {"title": "A Case of You", "artist": "Joni Mitchell", "artist_ids": [artist_id], "duration_ms": None}
    messy_id = Said("Joni Mitchell", "A Case of You", "Blue").id
    await deliver(TrackMapped(version=1, messy_id=messy_id, track_id=uuid7(), album_id=album_id, **names))
    await read(f"/listens/artists/{artist_id}/listeners", status=404)
    async with stage.db.transaction() as tx:
        await apply_next(tx)
    assert told(await read(f"/listens/artists/{artist_id}/listeners")) == [("Ben", 1)]
    assert told(await read(OF_JONI)) == []
    await settle()
    assert told(await read(f"/listens/artists/{artist_id}/listeners")) == [("Ben", 1)]


async def test_of_what_nobody_played_there_is_nobody_and_what_was_never_told_of_is_not_there(read, deliver):
    album_id = uuid7()
    known = {"title": "Mingus", "artist": "Joni Mitchell", "artists": [], "year": 1979, "mbid": None}
    more = {"spotify_id": None, "cover_url": None, "updated_at": MIDNIGHT, "genres": [], "tracks": []}
    await deliver(AlbumChanged(version=1, album_id=album_id, **known, **more))
    assert await read(f"/listens/albums/{album_id}/listeners") == {
        "album_id": str(album_id),
        "total": {"people": 0, "plays": 0, "ms": 0},
        "items": [],
        "next_cursor": None,
    }
    for kind in ("album", "artist"):
        refused = await read(f"/listens/{kind}s/{uuid7()}/listeners", status=404)
        assert refused["code"] == f"unknown_{kind}"


@pytest.mark.parametrize("path", [OF_BLUE, OF_JONI], ids=["album", "artist"])
@pytest.mark.parametrize("params", [{"cursor": "x"}, {"cursor": "WzEsIngiXQ"}, {"limit": "0"}, {"limit": "101"}])
async def test_what_is_no_page_is_refused(wren, plays, read, path, params):
    await plays(wren, 1)
    await read(path, status=422, **params)


async def test_what_is_deleted_is_not_known_any_more(client, sign, wren, plays, read):
    await plays(wren, 1)
    mine = sign("user", sub=str(wren.user_id))
    (item,) = (await client.get("/users/me/listens/recent", headers=mine)).json()["items"]
    await client.delete(f"/users/me/listens/{item['id']}", headers=mine)
    assert (await read(OF_BLUE))["total"] == {"people": 0, "plays": 0, "ms": 0}
