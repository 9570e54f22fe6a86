"""Names that an older matching folded are folded anew, and what is of one name since is told."""

import pytest
from sqlalchemy import select, update
from uuid_utils.compat import uuid7

from catalog.models import Album, AlbumAlias, Artist, PieceAlias, Track
from catalog.rekeying.rekey import behind, rekey
from contracts.naming import MATCHING, album_key, match_artist, search_text


@pytest.fixture
def album(db):
    """`await album(title, artist, key)`: an album as an older matching has left it."""

    async def make(title, artist="Joni Mitchell", key=None, table=Album, **more):
        row = table(id=uuid7(), title=title, artist=artist, version=1, matching=0, search="?", **more)
        row.match_key = key or f"older {title}"
        async with db.transaction() as tx:
            tx.add(row)
        return row.id

    return make


@pytest.fixture
def artist(db):
    async def make(name):
        row = Artist(id=uuid7(), name=name, version=1, matching=0, search="?", match_key=f"older {name}")
        async with db.transaction() as tx:
            tx.add(row)
        return row.id

    return make


async def keys(db, table, *more):
    columns = (getattr(table, name) for name in ("id", "match_key", "matching", *more))
    async with db.transaction() as tx:
        return {row[0]: tuple(row[1:]) for row in await tx.execute(select(*columns))}


async def rekeyed(db, batch=500):
    """How many names, and what became alike."""
    done = [each async for each in rekey(db, batch)]
    return sum(each.names for each in done), [[*alike.pieces.values()] for each in done for alike in each.alike]


async def test_every_kind_of_name_is_folded_as_it_would_be_now(db, album, artist):
    blue, joni, carey = await album("Blue", year=1971), await artist("Joni Mitchell"), await album("Carey", table=Track)
    async with db.transaction() as tx:
        for kind, piece, name in (("album", blue, "Bleu"), ("artist", joni, "J. Mitchell")):
            tx.add(PieceAlias(kind=kind, piece_id=piece, name=name, source="musicbrainz", match_key="?", matching=0))
    assert await behind(db) == 5
    assert await rekeyed(db) == (5, [])
    assert await behind(db) == 0
    words = search_text("Blue", "Joni Mitchell")
    assert await keys(db, Album, "search") == {blue: (album_key("Blue", "Joni Mitchell"), MATCHING, words)}
    assert await keys(db, Artist) == {joni: (match_artist("Joni Mitchell"), MATCHING)}
    assert await keys(db, Track) == {carey: (album_key("Carey", "Joni Mitchell"), MATCHING)}
    async with db.transaction() as tx:
        folded = {row.name: row.match_key for row in await tx.scalars(select(PieceAlias))}
    assert folded == {"Bleu": album_key("Bleu", "Joni Mitchell"), "J. Mitchell": match_artist("J. Mitchell")}


async def test_what_becomes_of_one_name_is_told_and_stays_two(db, album):
    for title in ("Blue", "BLUE!", "Hejira"):
        await album(title, year=1971)
    assert await rekeyed(db, batch=1) == (
        3,
        [["Blue \u2013 Joni Mitchell (1971)", "BLUE! \u2013 Joni Mitchell (1971)"]],
    )
    assert len(await keys(db, Album)) == 3
    assert await rekeyed(db) == (0, [])


async def test_what_was_of_one_name_before_is_not_told(db, album):
    for title in ("Weezer", "Weezer (Deluxe)"):
        await album(title, "Weezer", "one key")
    assert await rekeyed(db, batch=1) == (2, [])


async def test_whoever_is_interrupted_goes_on_where_they_were(db, album):
    for number in range(5):
        await album(f"Volume {number}")
    steps = rekey(db, 2)
    assert (await anext(steps)).names == 2
    await steps.aclose()
    assert await behind(db) == 3
    assert await rekeyed(db, batch=2) == (3, [])


async def test_what_was_merged_is_found_by_no_name_until_it_is_taken_apart(bot, db, sign):
    old, blue = [
        (await bot.post("/music/albums", json={"title": title, "artist": artist})).json()["id"]
        for title, artist in (("Blue LP", "Joni Mitchel"), ("Blue", "Joni Mitchell"))
    ]
    body = {"into": blue, "reason": "They are one."}
    (await bot.post(f"/admin/albums/{old}/merge", json=body, headers=sign("admin"))).raise_for_status()
    async with db.transaction() as tx:
        for table in (Album, Artist, PieceAlias):
            await tx.execute(update(table).values(matching=0))
        await tx.execute(update(PieceAlias).values(match_key="older"))
    assert (await rekeyed(db))[0] == 1 + 2 + 1
    assert await behind(db) == 0
    # By its own artist line, as it was typed.
    body = {"title": "Blue LP", "artist": "Joni Mitchel"}
    assert (await bot.post("/music/albums", json=body)).json()["id"] == blue
    body = {"reason": "They are two."}
    (await bot.post(f"/admin/albums/{old}/undo", json=body, headers=sign("admin"))).raise_for_status()
    async with db.transaction() as tx:
        row = await tx.get_one(Album, old)
        assert (row.match_key, row.matching) == (album_key("Blue LP", "Joni Mitchel"), MATCHING)
        assert (await tx.scalars(select(PieceAlias))).all() == []
        assert len((await tx.scalars(select(AlbumAlias))).all()) == 1
