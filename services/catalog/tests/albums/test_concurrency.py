"""Albums ensured by many at once, over connections of their own that commit."""

import asyncio
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from catalog.models import Album, Artist
from chassis.outbox import Outgoing
from contracts.catalog import AlbumChanged


@pytest.fixture
def crowd(bot):
    """Sends requests at once, each as if alone; their answers."""

    async def send(*requests):
        return await asyncio.gather(*(bot.request(*request[:2], json=request[2]) for request in requests))

    return send


def described(title="Blue", **more):
    return ("POST", "/music/albums", {"title": title, "artist": "Joni Mitchell"} | more)


async def rows(db, table):
    async with db.transaction() as tx:
        return (await tx.scalars(select(table))).all()


async def test_twenty_at_once_make_one_album_and_one_announcement(crowd, db):
    answers = await crowd(*[described(year=1971)] * 20)
    assert sorted(answer.status_code for answer in answers) == [200] * 19 + [201]
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert [len(await rows(db, table)) for table in (Album, Artist)] == [1, 1]
    assert [row.type for row in await rows(db, Outgoing) if row.type == AlbumChanged.topic] == [AlbumChanged.topic]


async def test_different_titles_with_one_id_at_once_make_one_album(crowd, db):
    mbid = str(uuid4())
    answers = await crowd(*[described(f"Blue {number}", mbid=mbid) for number in range(12)])
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert len(await rows(db, Album)) == 1


async def test_albums_of_one_artist_at_once_share_it(crowd, db):
    answers = await crowd(*[described(f"Volume {number}") for number in range(12)])
    assert {answer.status_code for answer in answers} == {201}
    assert [len(await rows(db, table)) for table in (Album, Artist)] == [12, 1]


@pytest.mark.parametrize(("second", "albums"), [("the same group", 1), ("another group", 2)])
async def test_of_ids_that_cross_the_first_who_names_a_link_says_whose_it_is(crowd, db, second, albums):
    one, other, links = str(uuid4()), str(uuid4()), ["a" * 22, "b" * 22]
    await crowd(described("Blue", mbid=one, spotify_id=links[0]))
    # Both are right: a link that nobody had is of the album it is first named with.
    group = one if second == "the same group" else other
    await crowd(described("Hejira", mbid=group, spotify_id=links[1]))
    # One who names a known link and a group that nobody has may well mean an edition by it, and makes no new album.
    await crowd(described("Hejira", mbid=other, spotify_id=links[1]))
    assert len(await rows(db, Album)) == albums


async def test_ids_and_names_that_cross_never_wait_for_each_other(crowd, db):
    one, other = (str(uuid4()) for _ in range(2))
    spotify = ["a" * 22, "b" * 22]
    # Artists of their own: one that all shared would make them wait in one line.
    crossed = [
        described("Blue", mbid=one, spotify_id=spotify[0]),
        described("Hejira", artist="J. Mitchell", mbid=other, spotify_id=spotify[1]),
        described("Blue", mbid=other, spotify_id=spotify[0]),
        described("Hejira", artist="J. Mitchell", mbid=one, spotify_id=spotify[1]),
    ]
    for _ in range(5):
        answers = await crowd(*crossed * 4)
        assert {answer.status_code for answer in answers} <= {200, 201}
    # One or two, by who came first, as the test above tells: but each has a release group, and no two the same.
    known = {str(album.mbid) for album in await rows(db, Album)}
    assert len(known) == len(await rows(db, Album))
    assert known <= {one, other}
    for each in crossed:
        (answer,) = await crowd(each)
        mbid = each[2]["mbid"]
        assert (answer.status_code, answer.json()["mbid"]) == (200, mbid if mbid in known else answer.json()["mbid"])


async def test_changes_and_ensures_at_once_never_wait_for_each_other(crowd, db):
    ids = [str(uuid4()) for _ in range(2)]
    named = [("Blue", "Joni Mitchell"), ("Hejira", "J. Mitchell")]
    albums = [answer.json()["id"] for answer in await crowd(*(described(t, artist=a) for t, a in named))]
    renamed = [("PATCH", f"/music/albums/{album}", {"title": title}) for album in albums for title, _ in named]
    marked = [("PATCH", f"/music/albums/{album}", {"mbid": mbid}) for mbid in ids for album in albums]
    ensured = [described(title, artist=artist, mbid=mbid) for mbid in ids for title, artist in named]
    for _ in range(5):
        answers = await crowd(*marked, *renamed, *ensured)
        assert {answer.status_code for answer in answers} <= {200, 201, 409}
    assert len({album.mbid for album in await rows(db, Album)} & {UUID(mbid) for mbid in ids}) == len(ids)
