"""The club's copy of the catalogue's albums."""

from uuid import uuid4

from sqlalchemy import select

from club.albums.store import albums
from club.models import Album
from contracts import catalog
from contracts.naming import album_key


async def test_an_album_is_copied_whole_and_can_be_found_by_its_name(stage, record):
    blue = await record("Blue", mbid=uuid4(), spotify_id="7D2NdGvBHIavgLhmcwhluK")
    async with stage.db.transaction() as tx:
        (row,) = (await tx.scalars(select(Album))).all()
        told = await albums(tx, [blue.album_id, uuid4()])
    assert row.match_key == album_key("blue", "JONI MITCHELL")
    assert told == {blue.album_id: catalog.Album(id=blue.album_id, **blue.model_dump(exclude={"album_id"}))}


async def test_states_in_any_order_end_in_the_newest_name_and_its_key(stage, deliver, record):
    blue = await record("Blue")
    for version, title in ((5, "Hejira"), (3, "Court and Spark"), (4, "Mingus")):
        await deliver(blue.model_copy(update={"version": version, "title": title}))
    async with stage.db.transaction() as tx:
        (row,) = (await tx.scalars(select(Album))).all()
    assert (row.title, row.match_key) == ("Hejira", album_key("Hejira", "Joni Mitchell"))
