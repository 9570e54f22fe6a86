"""Albums that turn out to be one, as the club reads them: every row keeps its id, and an undo brings all back."""

from itertools import permutations
from uuid import UUID

import pytest
from sqlalchemy import select

from club.models import AlbumAlias, Nomination, Rating, Week
from contracts.catalog import AlbumChanged
from contracts.ids import AlbumId
from contracts.merging import AlbumMerged


@pytest.fixture(autouse=True)
async def in_the_open(rules):
    await rules(rating_visibility="always", album_rest=None)


def merged(old, into, version=2):
    return AlbumMerged(version=version, album_id=old.album_id, survivor_id=into and into.album_id)


@pytest.fixture
def everything(ask, sign):
    """`await everything(week)`: what all readings of albums answer."""

    async def read(*weeks):
        told = [await ask("GET", "/club/weeks?limit=100"), await ask("GET", "/club/albums")]
        for week in weeks:
            parts = ("", "/nominations", "/ratings", "/votes/summary")
            told += [await ask("GET", f"{week}{part}") for part in parts]
        reviews = await ask("GET", "/admin/reviews", by=sign("admin"))
        return [each.json() for each in [*told, reviews]]

    return read


@pytest.fixture
async def closed(booth, ask):
    """A week that Blue won, with a result, and rated."""
    ida, ben, _ = booth.people
    await booth.cast(ida, booth.nominations[0], booth.nominations[1])
    await booth.cast(ben, booth.nominations[0])
    await booth.close()
    rating = {"user": {"user_id": str(ida.user_id)}, "rating": 4.5, "review": "Blue."}
    assert (await ask("POST", f"{booth.week}/ratings", rating)).status_code == 201
    return booth


@pytest.fixture
async def shelf(closed, ask, record):
    """Of the closed week: what won, under the id it was nominated by, and what it turns out to be."""
    nominations = (await ask("GET", f"{closed.week}/nominations")).json()["items"]
    told = next(each["album"] for each in nominations if each["album"]["title"] == "Blue")

    class Shelf:
        album_id = AlbumId(UUID(told["id"]))

    return Shelf(), await record("Blue (Remastered)", year=2021)


async def test_what_refers_to_a_merged_album_reads_as_the_survivor_and_an_undo_brings_it_back(
    closed, shelf, everything, deliver, ask
):
    old, blue = shelf
    before = await everything(closed.week)
    assert str(old.album_id) in str(before)
    await deliver(merged(old, blue))
    assert [each for each in await everything(closed.week) if str(old.album_id) in str(each)] == []
    assert (await ask("GET", closed.week)).json()["winner"]["title"] == "Blue (Remastered)"
    (featured,) = [each for each in (await ask("GET", "/club/albums")).json()["items"] if each["times_won"]]
    assert featured["album"]["id"] == str(blue.album_id)
    await deliver(merged(old, None, version=3))
    assert await everything(closed.week) == before


async def test_a_result_stays_as_it_was_announced_byte_for_byte(closed, shelf, deliver, ask, stage):
    old, blue = shelf

    async def rows():
        async with stage.db.transaction() as tx:
            return [
                str(row)
                for table in (Nomination, Rating, Week)
                for row in await tx.execute(select(table.__table__).order_by(table.id))
            ]

    result, kept = (await ask("GET", f"{closed.week}/result")).content, await rows()
    await deliver(merged(old, blue))
    assert (await ask("GET", f"{closed.week}/result")).content == result
    await deliver(merged(old, None, version=3))
    assert (await ask("GET", f"{closed.week}/result")).content == result
    assert await rows() == kept


async def test_states_in_any_order_and_twice_end_in_the_newest(record, deliver, stage):
    old, blue, other = await record("Blu"), await record("Blue"), await record("Blue LP")
    states = [merged(old, other, version=2), merged(old, None, version=3), merged(old, blue, version=4)]
    for order in permutations(states):
        for each in (*order, order[0]):
            await deliver(each)
        async with stage.db.transaction() as tx:
            (alias,) = (await tx.scalars(select(AlbumAlias), execution_options={"populate_existing": True})).all()
            assert (alias.survivor_id, alias.version) == (blue.album_id, 4)
            await tx.delete(alias)


async def test_a_merge_told_before_its_survivor_hides_nothing(closed, shelf, deliver, everything):
    old, _ = shelf
    before = await everything(closed.week)
    unheard = AlbumId(UUID(int=7))
    await deliver(AlbumMerged(version=2, album_id=old.album_id, survivor_id=unheard))
    assert await everything(closed.week) == before
    told = {"title": "Blue!", "artist": "Joni Mitchell", "artists": [], "year": 1971, "mbid": None}
    beside = {"spotify_id": None, "cover_url": None, "updated_at": "2025-11-24T12:00:00Z"}
    await deliver(AlbumChanged(version=1, album_id=unheard, **told, **beside))
    assert "Blue!" in str(await everything(closed.week))


async def test_a_member_who_nominates_the_survivor_joins_who_nominated_the_old_one(
    ask, record, deliver, club_of, a_week, rules
):
    await rules()
    week = f"/club/weeks/{await a_week()}"
    old, blue = await record("Blu", year=None), await record("Blue")
    await deliver(merged(old, blue))
    ida, ben, cleo = await club_of("Ida", "Ben", "Cleo")
    said = (
        {"album_id": str(old.album_id)},
        {"album_id": str(blue.album_id)},
        {"title": "Blu", "artist": "Joni Mitchell"},
    )
    told = [
        await ask("POST", f"{week}/nominations", {"user": {"user_id": str(who.user_id)}, "album": album})
        for who, album in zip((ida, ben, cleo), said, strict=True)
    ]
    assert len({each.json()["id"] for each in told}) == 1
    assert {each.json()["album"]["id"] for each in told} == {str(blue.album_id)}


async def test_a_merged_album_rests_as_its_survivor_has_won(closed, shelf, deliver, ask, club_of):
    old, blue = shelf
    await deliver(merged(old, blue))
    (dora,) = await club_of("Dora")
    week = f"/club/weeks/{(await ask('POST', '/club/weeks', {'number': 8})).json()['id']}"
    body = {"user": {"user_id": str(dora.user_id)}, "album": {"album_id": str(blue.album_id)}}
    assert (await ask("POST", f"{week}/nominations", body)).json()["code"] == "album_featured"


async def test_deciding_for_the_survivor_what_the_old_one_won_changes_nothing(booth, ask, record, deliver, sign):
    blue = await record("Blue (Remastered)", year=2021)
    shown = (await ask("GET", f"{booth.week}/nominations")).json()["items"][0]
    await ask("POST", f"{booth.week}/winner", {"nomination_id": shown["id"]})
    rating = {"user": {"user_id": str(booth.people[0].user_id)}, "rating": 4.5}
    assert (await ask("POST", f"{booth.week}/ratings", rating)).status_code == 201
    old = AlbumId(UUID(shown["album"]["id"]))
    await deliver(AlbumMerged(version=2, album_id=old, survivor_id=blue.album_id))
    before = (await ask("GET", booth.week)).json()
    answer = await ask("PATCH", booth.week, {"winner_album_id": str(blue.album_id)}, by=sign("admin"))
    assert answer.status_code == 200, answer.text
    after = (await ask("GET", booth.week)).json()
    assert (after["ratings"]["count"], after["winner"]["id"]) == (1, str(blue.album_id))
    assert [after[each] for each in ("winner", "ratings")] == [before[each] for each in ("winner", "ratings")]


async def test_a_vote_by_album_finds_the_nomination_under_either_id(booth, ask, record, deliver):
    blue = await record("Blue (Remastered)", year=2021)
    shown = (await ask("GET", f"{booth.week}/nominations")).json()["items"][0]
    old = AlbumId(UUID(shown["album"]["id"]))
    await deliver(AlbumMerged(version=2, album_id=old, survivor_id=blue.album_id))
    for album_id in (old, blue.album_id):
        body = {"user": {"user_id": str(booth.people[0].user_id)}, "rank": 1, "album": {"album_id": str(album_id)}}
        answer = await ask("POST", f"{booth.week}/votes", body)
        assert answer.is_success, answer.text
