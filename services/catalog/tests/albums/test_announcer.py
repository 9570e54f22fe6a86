"""Announcing again how the albums are."""

from catalog.albums.announcer import announcer
from chassis.announcer import reannounce
from contracts.catalog import AlbumChanged


async def test_every_album_is_announced_again_as_it_is(stage, ensure, change):
    for title in ("Blue", "Hejira"):
        await change((await ensure(title)).json(), year=1971)
    before = {event.album_id: event for event in await stage.announced(AlbumChanged)}
    assert await reannounce(stage.db, announcer) == len(before) == 2
    again = (await stage.announced(AlbumChanged))[-2:]
    assert {event.album_id: event for event in again} == before
