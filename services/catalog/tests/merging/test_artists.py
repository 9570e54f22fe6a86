"""Artists that turn out to be one: their credits move, and come back."""

from uuid import uuid4

from sqlalchemy import select
from uuid_utils.compat import uuid7

from catalog.models import Artist, ArtistAlias, EnrichmentJob, ExternalId, PieceAlias, Tagging, Track, TrackArtist
from contracts.catalog import AlbumChanged
from contracts.merging import ArtistMerged


def credited(album):
    return album["artists"][0]


async def test_the_survivor_is_credited_and_answers_for_the_old_id(ensure, merge, seen, announced, stage):
    typed, blue = await ensure("Mingus", "Joni Mitchel"), await ensure()
    old, joni = credited(typed), credited(blue)
    async with stage.db.transaction() as tx:
        named = {"title": "God Must Be a Boogie Man", "artist": "Joni Mitchel", "match_key": "g", "search": "g"}
        tx.add(track := Track(id=uuid7(), version=1, **named))
        await tx.flush()
        tx.add(TrackArtist(track_id=track.id, position=0, artist_id=old["id"], name="Joni Mitchel"))
    before = len(await announced(AlbumChanged))
    answer = await merge(old, joni, "artists")
    assert (answer.status_code, answer.json()["artist"]["id"]) == (200, joni["id"])
    assert {(each["kind"], each["id"]) for each in answer.json()["diff"]["credits"]} == {
        ("album", typed["id"]),
        ("track", str(track.id)),
    }
    assert (await seen(old, "artists"))["name"] == "Joni Mitchell"
    # As credited on the sleeve; who that is, is the survivor.
    assert credited(await seen(typed)) == {"id": joni["id"], "name": "Joni Mitchel"}
    (changed,) = (await announced(AlbumChanged))[before:]
    assert (str(changed.album_id), str(changed.artists[0].id)) == (typed["id"], joni["id"])
    (merged,) = await announced(ArtistMerged)
    assert (str(merged.artist_id), str(merged.survivor_id)) == (old["id"], joni["id"])


async def test_whoever_types_the_old_name_means_the_survivor(ensure, merge):
    old, joni = credited(await ensure("Mingus", "Joni Mitchel")), credited(await ensure())
    await merge(old, joni, "artists")
    assert credited(await ensure("Hejira", "Joni Mitchel"))["id"] == joni["id"]


async def test_an_undo_gives_back_what_was_theirs_and_leaves_what_came_since(ensure, merge, undo, seen, stage):
    typed, blue = await ensure("Mingus", "Joni Mitchel"), await ensure()
    old, joni = credited(typed), credited(blue)
    async with stage.db.transaction() as tx:
        (await tx.get_one(Artist, old["id"])).country = "CA"
        tx.add(ExternalId(kind="artist", source="musicbrainz", value=str(uuid4()), piece_id=old["id"]))
        tx.add(PieceAlias(kind="artist", piece_id=old["id"], name="J. M.", source="musicbrainz", match_key="jm"))
        said = {"kind": "artist", "piece_id": old["id"], "source": "musicbrainz", "is_genre": True}
        tx.add(Tagging(**said, name="folk", weight=0.5))

    async def rows():
        found = []
        async with stage.db.transaction() as tx:
            for table in (ExternalId, PieceAlias, Tagging):
                found += [str(each.piece_id) for each in await tx.scalars(select(table).where(table.kind == "artist"))]
            countries = {str(each.id): each.country for each in await tx.scalars(select(Artist))}
        return found, countries

    before = await rows()
    await merge(old, joni, "artists")
    assert set((await rows())[0]) == {joni["id"]}
    later = await ensure("Hejira", "Joni Mitchel")
    answer = await undo(old, "artists")
    assert (answer.status_code, answer.json()["artist"]["name"]) == (200, "Joni Mitchel")
    assert await rows() == before
    assert credited(await seen(typed)) == old
    assert credited(await seen(blue)) == joni
    assert credited(await seen(later))["id"] == joni["id"]
    async with stage.db.transaction() as tx:
        (alias,) = (await tx.scalars(select(ArtistAlias))).all()
    assert alias.id == alias.survivor_id


async def test_where_the_survivor_is_from_is_told_with_its_albums(ensure, merge, undo, announced, stage):
    typed, blue = await ensure("Mingus", "Joni Mitchel"), await ensure()
    old, joni = credited(typed), credited(blue)
    async with stage.db.transaction() as tx:
        (await tx.get_one(Artist, old["id"])).country = "CA"
        tx.add(EnrichmentJob(id=uuid7(), kind="artist", piece_id=old["id"], priority=50))

    async def told():
        states = sorted(await announced(AlbumChanged), key=lambda each: each.version)
        return {str(each.album_id): each.countries for each in states}

    async def jobs():
        async with stage.db.transaction() as tx:
            of = select(EnrichmentJob.piece_id).where(EnrichmentJob.kind == "artist")
            return [str(each) for each in await tx.scalars(of)]

    await merge(old, joni, "artists")
    assert (await told(), await jobs()) == ({typed["id"]: ["CA"], blue["id"]: ["CA"]}, [])
    await undo(old, "artists")
    assert (await told(), await jobs()) == ({typed["id"]: ["CA"], blue["id"]: []}, [old["id"]])


async def test_refusals_name_their_code(ensure, merge, undo):
    old, joni = credited(await ensure("Mingus", "Joni Mitchel")), credited(await ensure())
    stranger = {"id": str(uuid4())}
    assert (await merge(joni, joni, "artists")).json()["code"] == "into_itself"
    assert (await merge(stranger, joni, "artists")).json()["code"] == "unknown_artist"
    assert (await undo(joni, "artists")).json()["code"] == "never_merged"
    await merge(old, joni, "artists")
    assert (await merge(joni, old, "artists")).json()["code"] == "merged_the_other_way"
    assert (await merge(old, joni, "artists", kind="worker")).json()["code"] == "only_admins"
