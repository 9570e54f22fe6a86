"""Albums ensured by many at once, over connections of their own that commit."""

import asyncio
from uuid import UUID, uuid4

import httpx2
import pytest
from sqlalchemy import delete, select

from catalog.models import Album, AlbumArtist, Artist
from chassis.db import Database
from chassis.outbox import Outgoing
from chassis.testing import trusted_keys
from chassis.tokens import Tokens
from contracts.catalog import AlbumChanged


@pytest.fixture
async def database(app, test_settings):
    settings = test_settings.model_copy(update={"trusted_keys": trusted_keys()})
    db = Database(settings, "catalog")
    app.state.db, app.state.tokens = db, Tokens("catalog", settings)
    yield db
    async with db.transaction() as tx:
        for table in (AlbumArtist, Album, Artist, Outgoing):
            await tx.execute(delete(table))
    await db.engine.dispose()


@pytest.fixture
async def crowd(app, database, sign):
    """Sends requests at once, each as if alone; their answers."""
    wire = httpx2.ASGITransport(app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=wire, base_url="http://sidetrack", headers=sign()) as client:

        async def send(*requests):
            return await asyncio.gather(*(client.request(*request[:2], json=request[2]) for request in requests))

        yield send


def described(title="Blue", **more):
    return ("POST", "/music/albums", {"title": title, "artist": "Joni Mitchell"} | more)


async def rows(database, table):
    async with database.transaction() as tx:
        return (await tx.scalars(select(table))).all()


async def test_twenty_at_once_make_one_album_and_one_announcement(crowd, database):
    answers = await crowd(*[described(year=1971)] * 20)
    assert sorted(answer.status_code for answer in answers) == [200] * 19 + [201]
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert [len(await rows(database, table)) for table in (Album, Artist)] == [1, 1]
    assert [row.type for row in await rows(database, Outgoing) if row.type == AlbumChanged.topic] == [
        AlbumChanged.topic
    ]


async def test_different_titles_with_one_id_at_once_make_one_album(crowd, database):
    mbid = str(uuid4())
    answers = await crowd(*[described(f"Blue {number}", mbid=mbid) for number in range(12)])
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert len(await rows(database, Album)) == 1


async def test_albums_of_one_artist_at_once_share_it(crowd, database):
    answers = await crowd(*[described(f"Volume {number}") for number in range(12)])
    assert {answer.status_code for answer in answers} == {201}
    assert [len(await rows(database, table)) for table in (Album, Artist)] == [12, 1]


async def test_ids_and_names_that_cross_never_wait_for_each_other(crowd, database):
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
    assert len(await rows(database, Album)) == 2


async def test_changes_and_ensures_at_once_never_wait_for_each_other(crowd, database):
    ids = [str(uuid4()) for _ in range(2)]
    named = [("Blue", "Joni Mitchell"), ("Hejira", "J. Mitchell")]
    albums = [answer.json()["id"] for answer in await crowd(*(described(t, artist=a) for t, a in named))]
    renamed = [("PATCH", f"/music/albums/{album}", {"title": title}) for album in albums for title, _ in named]
    marked = [("PATCH", f"/music/albums/{album}", {"mbid": mbid}) for mbid in ids for album in albums]
    ensured = [described(title, artist=artist, mbid=mbid) for mbid in ids for title, artist in named]
    for _ in range(5):
        answers = await crowd(*marked, *renamed, *ensured)
        assert {answer.status_code for answer in answers} <= {200, 201, 409}
    assert len({album.mbid for album in await rows(database, Album)} & {UUID(mbid) for mbid in ids}) == len(ids)
