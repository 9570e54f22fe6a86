"""The sums are what a recount of the plays makes of them, whatever happened."""

from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from uuid_utils.compat import uuid7

from chassis.errors import Refusal
from contracts.naming import messy_track_id
from contracts.plays import Correction
from contracts.tracks import TrackMapped
from listening.history import changing
from listening.history.rules import read_key
from listening.ingest.rules import Heard
from listening.ingest.take import take_in
from listening.models import Day, DayTrack, Hour, ItemCount, MessyTrack, MonthItem, Play, Sighting, User, UserItem
from listening.names.consumers import map_track
from listening.names.mapping import apply_next
from listening.names.store import Said
from listening.plays.keys import ListenKey, listen_id
from listening.plays.rebuilding import rebuild
from listening.sums.deltas import local

# An hour before midnight in Berlin.
EVENING = datetime(2025, 11, 30, 22, 0, tzinfo=UTC)
TITLES, SOURCES = ("Blue", "River", "Carey"), ("lastfm", "spotify", "maloja")
ARTISTS = [uuid7() for _ in range(2)]
TRACKS = [uuid7() for _ in range(2)]


@pytest.fixture
async def berliner(listener_of):
    return await listener_of("Nadège", timezone="Europe/Berlin")


def heard(user_id, title, album, source, minutes):
    said = Said("Joni Mitchell", title, album, 180_000)
    return Heard(user_id, said.id, said, EVENING + timedelta(minutes=minutes), source)


async def played(tx):
    plays = {(row.id, row.messy_id, row.ms, row.sightings) for row in await tx.scalars(select(Play))}
    of = select(Sighting.listened_at, Sighting.messy_id, Sighting.source, Sighting.play_id)
    return plays, {tuple(row) for row in await tx.execute(of)}


async def counted(tx, user):
    """What the plays come to, and what the sums say: each by its key."""
    zone = user.timezone
    expected = {name: Counter() for name in ("days", "hours", "tracks", "months", "ever")}
    rows = await tx.execute(select(Play, MessyTrack).join(MessyTrack, MessyTrack.id == Play.messy_id))
    for play, messy in rows.all():
        at = local(play.started_at, zone)
        expected["days"][at.date()] += 1
        expected["hours"][at.date(), at.hour] += 1
        expected["tracks"][at.date(), play.messy_id] += 1
        for kind, item in ((1, messy.artist_id), (2, messy.album_id), (3, messy.track_id)):
            if item is not None:
                expected["months"][at.date().replace(day=1), kind, item] += 1
                expected["ever"][kind, item] += 1
    kept = {
        "days": {row.day: row.plays for row in await tx.scalars(select(Day)) if row.plays},
        "hours": {(row.day, row.hour): row.plays for row in await tx.scalars(select(Hour))},
        "tracks": {(row.day, row.messy_id): row.plays for row in await tx.scalars(select(DayTrack))},
        "months": {(row.month, row.kind, row.item_id): row.plays for row in await tx.scalars(select(MonthItem))},
        "ever": {(row.kind, row.item_id): row.plays for row in await tx.scalars(select(UserItem))},
        "items": {row.kind: row.items for row in await tx.scalars(select(ItemCount)) if row.items},
    }
    expected["items"] = Counter(kind for kind, _ in expected["ever"])
    return {name: dict(sums) for name, sums in expected.items()}, kept


LISTEN = st.tuples(
    st.sampled_from(TITLES), st.sampled_from([None, "Blue"]), st.sampled_from(SOURCES), st.integers(0, 90)
)
STEP = st.one_of(
    st.tuples(st.just("tell"), st.lists(LISTEN, min_size=1, max_size=6)),
    st.tuples(st.sampled_from(["delete", "split"]), st.integers(0, 20)),
    st.tuples(st.just("join"), st.integers(0, 20), st.integers(0, 20)),
    st.tuples(st.just("correct"), st.integers(0, 20), st.sampled_from(TITLES)),
    st.tuples(st.just("map"), st.sampled_from(TITLES), st.sampled_from(TRACKS), st.sampled_from(ARTISTS)),
    st.tuples(st.just("rebuild")),
)


async def take(tx, user, step, version):
    listens = [
        listen_id(ListenKey(row.listened_at, row.messy_id, row.source))
        for row in await tx.scalars(select(Sighting).where(Sighting.hidden.is_(False)).order_by(Sighting.listened_at))
    ]
    match step:
        case "tell", several:
            await take_in(tx, [heard(user.id, *each) for each in several])
        case ("rebuild",):
            await rebuild(tx, user.id)
        case "map", title, track, artist:
            return await mapped(tx, title, track, artist, version)
        case _ if not listens:
            return None
        case ("delete" | "split") as what, number:
            await getattr(changing, what)(tx, user.id, read_key(listens[number % len(listens)]))
        case "join", number, other:
            keys = [read_key(listens[each % len(listens)]) for each in (number, other)]
            await changing.join(tx, user.id, *keys)
        case "correct", number, title:
            said = Correction(title=title, artist="Joni Mitchell", album="Hejira")
            await changing.correct(tx, user.id, read_key(listens[number % len(listens)]), said)
    return None


async def mapped(tx, title, track, artist, version):
    told = TrackMapped(
        version=version,
        messy_id=messy_track_id("Joni Mitchell", title, "Blue"),
        track_id=track,
        title=title,
        artist="Joni Mitchell",
        artist_ids=[artist],
        album_id=None,
        duration_ms=None,
    )
    await map_track(told, tx)
    await apply_next(tx)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEP, min_size=1, max_size=8))
async def test_sums_equal_a_recount_after_any_sequence_of_changes(steps, stage, berliner):
    async with stage.db.transaction() as tx:
        mark = await tx.begin_nested()
        user = await tx.get(User, berliner.user_id)
        for version, step in enumerate(steps, start=1):
            with suppress(Refusal):
                async with tx.begin_nested():
                    await take(tx, user, step, version)
            expected, kept = await counted(tx, user)
            assert kept == expected, step
        # Looked at bit by bit, they are what they are when looked at as a whole.
        before = await played(tx)
        await rebuild(tx, user.id)
        assert await played(tx) == before
        await mark.rollback()
