"""Fetching from Spotify, which remembers little and ends authorisations."""

import pytest
from tests.fakes.faults import BROKEN, Reply, busy
from tests.fakes.spotify import RECENT

from chassis.errors import Conflict, NotFound, Unavailable


@pytest.fixture
async def linked(link):
    await link("spotify")


@pytest.fixture
def play(spotify, clock):
    def add(title, ago=0, ms=123):
        spotify.plays["wren"].append((int(clock().timestamp() - ago) * 1000 + ms, title))

    return add


async def test_plays_come_in_to_the_millisecond_once(linked, work, play, clock, kept):
    for number in range(30):
        play(f"Song {number}", ago=200 * number, ms=number)
    await work()
    sightings, plays = await kept()
    assert len(sightings) == plays == 30
    assert {each[0].microsecond // 1000 for each in sightings} == {*range(30)}
    clock.pass_(hours=1)
    await work()
    assert len((await kept())[0]) == 30


async def test_what_is_told_late_is_not_missed(linked, work, play, clock, kept):
    play("Blue", ago=60)
    await work()
    clock.pass_(minutes=30)
    play("Carey", ago=2000)
    await work()
    assert len((await kept())[0]) == 2


async def test_all_that_it_remembers_is_fetched_after_a_day_away(linked, work, play, clock, kept, spotify, monkeypatch):
    monkeypatch.setattr("listening.sync.spotify.PAGE", 20)
    play("First", ago=60)
    await work()
    clock.pass_(days=1)
    for number in range(60):
        play(f"Song {number}", ago=200 * number)
    await work()
    assert len((await kept())[0]) == 51
    assert len(spotify.asked(RECENT)) == 4


async def test_one_token_is_asked_for_as_long_as_it_is_good(linked, work, identity, clock):
    for _ in range(4):
        await work()
        clock.pass_(minutes=46)
    assert identity.handed_out == 2


async def test_waiting_for_so_long_as_it_says_outlives_a_restart(linked, work, play, spotify, clock, task, kept):
    play("Blue", ago=60)
    spotify.fault(RECENT, busy("79892"), times=1)
    await work()
    assert (await task("spotify")).error == "provider_busy"
    clock.pass_(hours=22)
    assert await work() == 0
    clock.pass_(minutes=12)
    assert await work() == 1
    assert ((await task("spotify")).error, len((await kept())[0])) == (None, 1)


@pytest.mark.parametrize(
    ("refusal", "state", "error"),
    [
        (Conflict(), "stopped", "needs_relink"),
        (NotFound(), "stopped", "needs_relink"),
        (Unavailable(), "on", "provider_away"),
    ],
)
async def test_without_a_token_nothing_is_asked(linked, work, identity, spotify, task, refusal, state, error):
    identity.refuses = refusal
    await work()
    assert ((await task("spotify")).state, (await task("spotify")).error) == (state, error)
    assert spotify.asked(RECENT) == []


@pytest.mark.parametrize(
    ("fault", "state", "error"),
    [
        (Reply.of({"error": {"status": 403, "message": "Insufficient client scope"}}, 403), "stopped", "missing_scope"),
        (Reply.of({"error": {"status": 401, "message": "The access token expired"}}, 401), "on", "wrong_answer"),
        (BROKEN["an error"], "on", "provider_away"),
        (BROKEN["no object"], "on", "wrong_answer"),
        (Reply.of({"items": [7, {}, {"track": None, "played_at": None}, {"track": {"artists": 7}}]}), "on", None),
    ],
)
async def test_whatever_it_answers_is_named(linked, work, spotify, task, fault, state, error):
    spotify.fault(RECENT, fault)
    await work()
    assert ((await task("spotify")).state, (await task("spotify")).error) == (state, error)


async def test_a_token_that_ended_before_its_time_is_replaced(linked, work, spotify, identity, clock, task):
    await work()
    spotify.fault(RECENT, Reply.of({"error": {"status": 401}}, 401), times=1)
    clock.pass_(minutes=46)
    await work()
    clock.pass_(minutes=2)
    await work()
    assert ((await task("spotify")).error, identity.handed_out) == (None, 2)
