"""Albums that turn out to be one: what moves, what reads through, and what an undo gives back."""

from uuid import uuid4

import pytest
from sqlalchemy import select, update
from uuid_utils.compat import uuid7

from catalog.albums.announcer import announcer
from catalog.models import (
    Album,
    AlbumAlias,
    CatalogTable,
    Edition,
    EnrichmentJob,
    ExternalId,
    Placement,
    Tagging,
    Track,
)
from chassis.announcer import reannounce
from chassis.audit import Audited
from contracts.catalog import AlbumChanged
from contracts.merging import AlbumMerged

MBID, OTHER_MBID = str(uuid4()), str(uuid4())
SPOTIFY, OTHER_SPOTIFY = "1vz94WpXDVYIEGja8cjFNa", "2vz94WpXDVYIEGja8cjFNb"
# What an undo leaves behind on purpose: that there was a merge, and newer versions of what was told.
TRACES = {"merges", "album_aliases", "artist_aliases", "outbox", "audit", "idempotency_keys"}


@pytest.fixture
def rows(stage):
    """`await rows()`: every row of the catalogue but for versions and times, in an order of its own."""

    async def read():
        found = {}
        async with stage.db.transaction() as tx:
            for table in CatalogTable.metadata.sorted_tables:
                if table.name not in TRACES:
                    kept = [each for each in table.c if each.name not in {"version", "updated_at", "at", "due_at"}]
                    found[table.name] = sorted(map(str, await tx.execute(select(*kept))))
        return found

    return read


@pytest.fixture
def detail(stage):
    """`await detail(album, *titles)`: what sources would tell of it: a tracklist, an edition, tags."""

    async def write(album, *titles, tag="folk", weight=0.5):
        async with stage.db.transaction() as tx:
            for position, title in enumerate(titles, 1):
                named = {"title": title, "artist": "Joni Mitchell", "match_key": title, "search": title}
                tx.add(track := Track(id=uuid7(), version=1, **named))
                await tx.flush()
                tx.add(Placement(album_id=album["id"], disc=1, position=position, track_id=track.id, title=title))
            tx.add(Edition(mbid=uuid4(), album_id=album["id"], title="Blue", tracks=len(titles), representative=True))
            said = {"kind": "album", "piece_id": album["id"], "source": "musicbrainz", "is_genre": True}
            tx.add(Tagging(**said, name=tag, weight=weight))

    return write


@pytest.fixture
def tracklist(stage):
    async def read(album):
        async with stage.db.transaction() as tx:
            of = select(Placement.title).where(Placement.album_id == album["id"]).order_by(Placement.position)
            return [*await tx.scalars(of)]

    return read


async def test_an_old_id_answers_the_survivor_with_its_id_at_every_door(ensure, merge, seen, client, sign):
    old, blue = await ensure("Blue (1971)"), await ensure(year=1971)
    told = (await merge(old, blue)).json()
    assert (told["album"], told["diff"]["old_id"], told["diff"]["into_id"]) == (blue, old["id"], blue["id"])
    assert await seen(old) == await seen(blue) == blue
    internal = (await client.get(f"/internal/albums/{old['id']}", headers=sign("service"))).json()
    assert internal["album_id"] == blue["id"]
    changed = await client.patch(f"/music/albums/{old['id']}", json={"year": 1972}, headers=sign())
    assert changed.json() == blue | {"year": 1972} == await seen(blue)


async def test_what_named_the_old_one_finds_the_survivor(ensure, merge):
    old = await ensure("Blu", "Joni Mitchel", year=1999, mbid=OTHER_MBID, spotify_id=OTHER_SPOTIFY)
    blue = await ensure(year=1971, mbid=MBID, spotify_id=SPOTIFY)
    await merge(old, blue)
    assert await ensure("Anything", mbid=OTHER_MBID) == blue
    assert await ensure("Something", spotify_id=OTHER_SPOTIFY) == blue
    assert await ensure("Blu", "Joni Mitchel") == blue
    assert await ensure("Blu", "Joni Mitchel", year=1999) == blue
    assert (await ensure("Blu", "Joni Mitchel", year=1985))["id"] != blue["id"]


async def test_the_survivor_gets_what_it_lacks_and_keeps_what_it_has(ensure, merge, seen, detail, tracklist):
    old = await ensure("Blue LP", year=1970, mbid=MBID, cover_url="https://example.org/blue.jpg")
    blue = await ensure(year=1971)
    await detail(old, "All I Want", "My Old Man")
    told = (await merge(old, blue)).json()["diff"]
    assert told["filled"] == {"mbid": MBID, "cover_url": "https://example.org/blue.jpg"}
    assert told["ids"] == [{"source": "musicbrainz", "value": MBID}]
    assert [each["title"] for each in told["placements"]] == ["All I Want", "My Old Man"]
    assert [each["name"] for each in told["taggings"]] == ["folk"]
    assert (len(told["editions"]), told["names"]) == (1, [{"name": "Blue LP", "source": "merge"}])
    now = await seen(blue)
    assert (now["year"], now["mbid"], now["cover_url"]) == (1971, MBID, "https://example.org/blue.jpg")
    assert await tracklist(blue) == ["All I Want", "My Old Man"]


async def test_a_tracklist_of_the_survivors_own_stands(ensure, merge, detail, tracklist, client, sign, stage):
    old, blue = await ensure("Blue LP"), await ensure()
    await detail(old, "Carey", weight=0.1)
    await detail(blue, "All I Want", weight=0.9)
    told = (await merge(old, blue)).json()["diff"]
    assert (told["placements"], told["taggings"]) == ([], [])
    assert await tracklist(blue) == ["All I Want"]
    async with stage.db.transaction() as tx:
        carey = (await tx.scalars(select(Track.id).where(Track.title == "Carey"))).one()
        shown = select(Edition).where(Edition.album_id == blue["id"], Edition.representative)
        assert len((await tx.scalars(shown)).all()) == 1
    track = (await client.get(f"/music/tracks/{carey}", headers=sign())).json()
    assert track["album_id"] == blue["id"]


async def test_the_preview_says_what_the_merge_then_does_and_changes_nothing(
    ensure, merge, detail, rows, announced, client, sign
):
    old, blue = await ensure("Blue LP", mbid=MBID), await ensure()
    await detail(old, "All I Want")
    before, told = await rows(), await announced()
    path = f"/admin/albums/{old['id']}/merge?into={blue['id']}"
    preview = await client.get(path, headers=sign("admin"))
    assert (preview.status_code, await rows(), await announced()) == (200, before, told)
    assert "theirs to say" in preview.json()["elsewhere"]
    assert (await merge(old, blue)).json()["diff"] == preview.json()
    assert (await client.get(path, headers=sign("admin"))).json() == preview.json()


async def test_an_undo_puts_every_row_back(ensure, merge, undo, detail, rows, seen):
    old = await ensure("Blue LP", year=1970, mbid=MBID, spotify_id=SPOTIFY, cover_url="https://example.org/blue.jpg")
    blue = await ensure(spotify_id=OTHER_SPOTIFY)
    await detail(old, "All I Want", "My Old Man")
    await merge(old, blue)
    # The first merge writes the ids that rows are shown with into the table of ids: from here on they are there.
    await undo(old)
    before = await rows()
    diff = (await merge(old, blue)).json()["diff"]
    answer = await undo(old)
    assert (answer.status_code, answer.json()["album"], answer.json()["diff"]) == (200, old, diff)
    assert await rows() == before
    assert (await seen(old), await seen(blue)) == (old, blue)


async def test_what_was_written_to_the_survivor_since_stays_with_it(ensure, merge, undo, seen, client, sign, stage):
    old, blue = await ensure("Blue LP", year=1970, mbid=MBID), await ensure()
    await merge(old, blue)
    await client.patch(f"/music/albums/{old['id']}", json={"year": 1971}, headers=sign())
    async with stage.db.transaction() as tx:
        mine = {"kind": "album", "source": "spotify", "value": OTHER_SPOTIFY, "piece_id": blue["id"]}
        tx.add(ExternalId(**mine))
    told = (await undo(old)).json()
    assert (told["album"], told["diff"]["filled"]) == (old, {"mbid": MBID})
    now = await seen(blue)
    assert (now["year"], now["mbid"]) == (1971, None)
    assert (await ensure("Whatever", spotify_id=OTHER_SPOTIFY))["id"] == blue["id"]


async def test_a_tracklist_that_was_learnt_since_stays_and_the_old_one_comes_back(
    ensure, merge, undo, detail, tracklist, stage
):
    old, blue = await ensure("Blue LP"), await ensure()
    await detail(old, "All I Want", "My Old Man")
    await merge(old, blue)
    async with stage.db.transaction() as tx:
        first = Placement.album_id == blue["id"], Placement.position == 1
        await tx.execute(update(Placement).where(*first).values(title="All I Want (Remastered)"))
    await undo(old)
    assert await tracklist(old) == ["All I Want", "My Old Man"]
    assert await tracklist(blue) == ["All I Want (Remastered)"]


async def test_each_merge_and_undo_is_announced_and_audited_once(ensure, merge, undo, announced, stage):
    old, blue = await ensure("Blue LP", year=1971), await ensure()
    before = len(await announced(AlbumChanged))
    first = await merge(old, blue)
    assert (await merge(old, blue)).json() == first.json()
    (merged,) = await announced(AlbumMerged)
    assert (str(merged.album_id), str(merged.survivor_id)) == (old["id"], blue["id"])
    (changed,) = (await announced(AlbumChanged))[before:]
    assert (str(changed.album_id), changed.year) == (blue["id"], 1971)
    assert (await undo(old)).status_code == 200
    again = await undo(old)
    assert (again.status_code, again.json()["album"], again.json()["diff"]["ids"]) == (200, old, [])
    _, undone = await announced(AlbumMerged)
    assert (str(undone.album_id), undone.survivor_id, undone.version > merged.version) == (old["id"], None, True)
    assert {str(each.album_id) for each in (await announced(AlbumChanged))[before + 1 :]} == {old["id"], blue["id"]}
    async with stage.db.transaction() as tx:
        entries = (await tx.scalars(select(Audited).where(Audited.action.like("%merged")))).all()
    assert [(each.action, each.subject_id, each.reason) for each in sorted(entries, key=lambda each: each.id)] == [
        ("album.merged", old["id"], "They are one."),
        ("album.unmerged", old["id"], "They are two."),
    ]


async def test_chains_lead_to_the_last_survivor_in_one_step_and_come_apart_newest_first(
    ensure, merge, undo, seen, announced, stage
):
    one, two, three = await ensure("Blue LP"), await ensure("Blue CD"), await ensure()
    await merge(one, two)
    await merge(two, three)
    assert [(await seen(each))["id"] for each in (one, two)] == [three["id"]] * 2
    async with stage.db.transaction() as tx:
        aliases = (await tx.scalars(select(AlbumAlias))).all()
    assert {str(each.survivor_id) for each in aliases} == {three["id"]}
    assert (await merge(one, three)).status_code == 200
    refused = await undo(one)
    assert (refused.status_code, refused.json()["code"]) == (409, "survivor_merged")
    await undo(two)
    assert [(await seen(each))["id"] for each in (one, two)] == [two["id"]] * 2
    await undo(one)
    assert await seen(one) == one
    newest = {each.album_id: each.survivor_id for each in await announced(AlbumMerged)}
    assert {*newest.values()} == {None}


async def test_into_itself_a_ring_elsewhere_and_unknown_are_refused_with_their_codes(ensure, merge, undo, rows):
    old, blue, other = await ensure("Blue LP"), await ensure(), await ensure("Hejira")
    stranger = {"id": str(uuid4())}
    assert (await merge(old, old)).json()["code"] == "into_itself"
    assert (await undo(old)).json()["code"] == "never_merged"
    await merge(old, blue)
    before = await rows()
    refused = [
        (await merge(blue, old), 409, "merged_the_other_way"),
        (await merge(old, other), 409, "merged_elsewhere"),
        (await merge(stranger, blue), 404, "unknown_album"),
        (await merge(blue, stranger), 404, "unknown_album"),
        (await undo(stranger), 404, "unknown_album"),
        (await merge(other, blue, kind="bot"), 403, "only_admins"),
        (await undo(old, kind="anonymous"), 401, "unauthenticated"),
    ]
    for answer, status, code in refused:
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert await rows() == before


async def test_a_merged_album_is_found_by_no_search_and_told_no_more_until_it_is_back(
    ensure, merge, undo, client, sign, stage, announced
):
    old, blue = await ensure("Turbulent Indigo Blue"), await ensure()

    async def found():
        answer = await client.get("/music/search?q=turbulent", headers=sign())
        return [each["id"] for each in answer.json()["items"]]

    async def told():
        before = len(await announced(AlbumChanged))
        await reannounce(stage.db, announcer)
        return {str(each.album_id) for each in (await announced(AlbumChanged))[before:]}

    assert await found() == [old["id"]]
    await merge(old, blue)
    assert (await found(), await told()) == ([], {blue["id"]})
    await undo(old)
    assert (await found(), await told()) == ([old["id"]], {old["id"], blue["id"]})


async def test_sources_are_asked_nothing_of_a_merged_album(ensure, merge, undo, stage):
    old, blue = await ensure("Blue LP"), await ensure()

    async def jobs():
        async with stage.db.transaction() as tx:
            return {str(each.piece_id): each.priority for each in await tx.scalars(select(EnrichmentJob))}

    before = await jobs()
    assert before.keys() == {old["id"], blue["id"]}
    await merge(old, blue)
    assert (await jobs()).keys() == {blue["id"]}
    await undo(old)
    assert await jobs() == before


async def test_an_id_that_was_given_to_the_survivor_by_hand_stays_there(ensure, merge, undo, seen, client, sign, stage):
    old, blue = await ensure("Blue LP", mbid=OTHER_MBID), await ensure(mbid=MBID)
    await merge(old, blue)
    answer = await client.patch(f"/music/albums/{blue['id']}", json={"mbid": OTHER_MBID}, headers=sign())
    assert answer.status_code == 200
    await undo(old)
    assert ((await seen(blue))["mbid"], (await seen(old))["mbid"]) == (OTHER_MBID, None)
    async with stage.db.transaction() as tx:
        assert (await tx.get_one(Album, blue["id"])).mbid is not None
