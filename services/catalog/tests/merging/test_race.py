"""Albums that are merged and taken apart while everybody names them: over connections of their own that commit."""

import asyncio
from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from catalog.enrichment import work
from catalog.enrichment.findings import Findings
from catalog.enrichment.queue import BEHIND, ask_for
from catalog.external_ids import claim
from catalog.models import Album, AlbumAlias, Edition, EnrichmentJob, ExternalId, Merge, MessyTrack, Placement, Tagging
from catalog.sources.answers import Release, ReleaseGroup, WholeArtist
from catalog.sources.settings import SourceSettings
from chassis.outbox import Outgoing
from contracts.merging import AlbumMerged
from contracts.naming import album_key

ROUNDS = 4
MBIDS, RELEASES, ARTIST = [uuid4(), uuid4()], [uuid4(), uuid4()], uuid4()
SPOTIFY = ["a" * 22, "b" * 22]
NAMES = [("Blue LP", "Joni Mitchel"), ("Blue", "Joni Mitchell")]


@pytest.fixture
def committing(committing):
    # Of a machine that is busy nobody is told to come back later.
    return committing.model_copy(update={"lock_timeout": 60, "statement_timeout": 60})


@pytest.fixture
async def albums(bot, db):
    """The one that turns out to be the other, and the other: each with a release group, an edition and a link."""
    made = []
    for (title, artist), mbid, spotify in zip(NAMES, MBIDS, SPOTIFY, strict=True):
        body = {"title": title, "artist": artist, "mbid": str(mbid), "spotify_id": spotify}
        made.append((await bot.post("/music/albums", json=body)).json()["id"])
    async with db.transaction() as tx:
        for album, release in zip(made, RELEASES, strict=True):
            await claim(tx, "album", UUID(album), [("musicbrainz-release", str(release))])
    return made


@pytest.fixture
def sources(monkeypatch):
    """Sources that know both albums, and whom they credit."""

    async def gather(_, wanted):
        await asyncio.sleep(0)
        at = NAMES.index((wanted.title, wanted.artist))
        return Findings(group=group(at), releases=[release(at)], release=release(at), front=True)

    async def artist(mbid):
        return WholeArtist.model_validate({"id": str(mbid), "name": "Joni Mitchell", "country": "CA"})

    monkeypatch.setattr(work, "gather", gather)
    return SimpleNamespace(musicbrainz=SimpleNamespace(artist=artist))


def group(at):
    credit = [{"name": "Joni Mitchell", "artist": {"id": str(ARTIST), "name": "Joni Mitchell"}}]
    told = {"id": str(MBIDS[at]), "title": NAMES[at][0], "artist-credit": credit}
    return ReleaseGroup.model_validate(told | {"genres": [{"name": "folk", "count": 1 + at}]})


def release(at):
    title = f"Song {at}"
    recording = {"id": str(UUID(int=at + 1)), "title": title, "artist-credit": group(at).model_dump()["artist_credit"]}
    medium = {"position": 1, "track-count": 1, "tracks": [{"position": 1, "title": title, "recording": recording}]}
    return Release.model_validate({"id": str(RELEASES[at]), "title": NAMES[at][0], "media": [medium]})


class Storm:
    """Merged and taken apart, again and again, amid everybody else; `answers` are what all were told."""

    def __init__(self, bot, db, admin, albums, sources):
        self.bot, self.db, self.admin, self.albums, self.sources = bot, db, admin, albums, sources
        self.ended, self.answers, self.fresh = asyncio.Event(), [], []

    async def blow(self):
        named = (self.ensure(0), self.ensure(1), self.change(), self.players(), self.enrich())
        await asyncio.gather(self.merge_and_undo(), *named)

    async def merge_and_undo(self):
        old, blue = self.albums
        try:
            for _ in range(ROUNDS):
                for path, more in (("merge", {"into": blue}), ("undo", {})):
                    body = more | {"reason": "Who knows."}
                    await self.say("POST", f"/admin/albums/{old}/{path}", body, headers=self.admin)
        finally:
            self.ended.set()

    async def ensure(self, at):
        """Each in turn by its names, by each of its ids under no name of it, and with a link that is new."""
        stranger = {"title": "Unheard", "artist": f"Somebody {at}"}
        own = dict(zip(("title", "artist"), NAMES[at], strict=True))
        while not self.ended.is_set():
            self.fresh.append(new := f"{at}{len(self.fresh):021d}")
            ids = ({"mbid": str(MBIDS[at])}, {"mbid": str(RELEASES[at])}, {"spotify_id": SPOTIFY[at]})
            for body in (own, *(stranger | each for each in ids), own | {"spotify_id": new}):
                await self.say("POST", "/music/albums", body)

    async def change(self):
        while not self.ended.is_set():
            for album in self.albums:
                cover = {"cover_url": f"https://example.org/{len(self.answers)}.jpg"}
                await self.say("PATCH", f"/music/albums/{album}", cover)

    async def players(self):
        while not self.ended.is_set():
            track = f"Song {len(self.answers)}"
            items = [{"artist": artist, "album": title, "track": track} for title, artist in NAMES]
            await self.say("POST", "/music/tracks/ensure", {"items": items})

    async def enrich(self):
        settings = SourceSettings(enrichment_ladder=(0.01,))
        while not self.ended.is_set():
            async with self.db.transaction() as tx:
                await ask_for(tx, map(UUID, self.albums), BEHIND, again=True)
            while not self.ended.is_set() and await work.enrich_next(self.db, self.sources, settings):
                pass

    async def say(self, method, path, body, **more):
        self.answers.append(await self.bot.request(method, path, json=body, **more))


@pytest.fixture
async def storm(bot, db, sign, albums, sources):
    """One that has blown over."""
    storm = Storm(bot, db, sign("admin"), albums, sources)
    await storm.blow()
    return storm


async def rows(db, table):
    async with db.transaction() as tx:
        return (await tx.scalars(select(table))).all()


async def test_nobody_who_names_albums_while_they_are_merged_and_taken_apart_loses_anything(
    storm, bot, db, sign, albums
):
    # No deadlock, no half of anything: everybody is answered.
    assert {answer.status_code for answer in storm.answers} == {200}
    named = [answer.json() for answer in storm.answers if answer.request.url.path in {"/music/albums", *_paths(albums)}]
    assert {answer["id"] for answer in named} <= {*albums}
    assert {str(row.id) for row in await rows(db, Album)} == {*albums}
    for row in await rows(db, MessyTrack):
        assert str(row.album_id) in albums
    assert {row.state for row in await rows(db, EnrichmentJob)} <= {"waiting", "done"}
    assert [row.attempts for row in await rows(db, EnrichmentJob) if row.attempts] == []
    await _are_two(db, albums, storm.fresh)
    body = {"into": albums[1], "reason": "They are one."}
    assert (await bot.post(f"/admin/albums/{albums[0]}/merge", json=body, headers=sign("admin"))).status_code == 200
    await _are_one(bot, db, albums)


def _paths(albums):
    return {f"/music/albums/{album}" for album in albums}


async def _ids(db):
    known = [row for row in await rows(db, ExternalId) if row.kind == "album"]
    assert len({(row.source, row.value) for row in known}) == len(known)
    return {row.value: str(row.piece_id) for row in known}


async def _are_two(db, albums, fresh):
    ids = await _ids(db)
    for at, album in enumerate(albums):
        assert {ids[str(each)] for each in (MBIDS[at], RELEASES[at], SPOTIFY[at])} == {album}
    # What came while they were one stays with the survivor.
    assert {ids[each] for each in fresh if each in ids} <= {*albums}
    found = {str(row.id): row for row in await rows(db, Album)}
    for (title, artist), album, mbid, spotify in zip(NAMES, albums, MBIDS, SPOTIFY, strict=True):
        row = found[album]
        assert (row.match_key, row.mbid, row.spotify_id) == (album_key(title, artist), mbid, spotify)
    assert [row for row in await rows(db, Merge) if row.undone_at is None] == []
    assert len(await rows(db, Merge)) == ROUNDS
    (alias,) = await rows(db, AlbumAlias)
    assert alias.survivor_id == alias.id == UUID(albums[0])
    told = [row.body for row in await rows(db, Outgoing) if row.type == AlbumMerged.topic]
    newest = max(map(AlbumMerged.model_validate_json, told), key=lambda each: each.version)
    assert (newest.version, newest.survivor_id) == (alias.version, None)


async def _are_one(bot, db, albums):
    old, blue = albums
    ids = await _ids(db)
    assert {*ids.values()} == {blue}
    assert {*map(str, (*MBIDS, *RELEASES)), *SPOTIFY} <= {*ids}
    for table in (Edition, Placement):
        assert {str(row.album_id) for row in await rows(db, table)} <= {blue}
    for row in await rows(db, Tagging):
        assert (row.kind, str(row.piece_id)) != ("album", old) or row.name == "folk"
    assert (await bot.get(f"/music/albums/{old}")).json()["id"] == blue
