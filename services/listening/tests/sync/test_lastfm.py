"""Fetching from Last.fm, which has its ways."""

import pytest
from tests.fakes.faults import BROKEN, Reply, busy
from tests.fakes.lastfm import API

from contracts.listening import SyncReported
from listening.sync.lastfm import PAGE


def at(clock, ago=0):
    return int(clock().timestamp()) - ago


@pytest.fixture
async def linked(link):
    await link("lastfm")


async def test_all_there_is_is_fetched_oldest_page_first(linked, work, scrobbles, lastfm, clock, kept, task):
    for number in range(2 * PAGE + 50):
        scrobbles.add(at(clock, 200 * (number + 1)), f"Song {number}")
    assert await work() == 1
    sightings, plays = await kept()
    assert len(sightings) == plays == 2 * PAGE + 50
    assert [call.query["page"] for call in lastfm.asked(API)] == ["1", "3", "2", "1"]
    assert len({call.query["to"] for call in lastfm.asked(API)}) == 1
    assert (await task()).last_sync_at == clock()


async def test_what_plays_just_now_is_no_listen_on_any_page(linked, work, scrobbles, clock, kept):
    scrobbles.playing = "Elephant"
    for number in range(PAGE + 1):
        scrobbles.add(at(clock, 200 * (number + 1)), f"Song {number}")
    await work()
    assert len((await kept())[0]) == PAGE + 1


async def test_nothing_and_a_single_one_are_read(linked, work, scrobbles, lastfm, clock, kept):
    lastfm.lonely = True
    await work()
    assert (await kept())[0] == []
    clock.pass_(hours=7)
    scrobbles.add(at(clock, 60), "Blue")
    await work()
    assert len((await kept())[0]) == 1


async def test_an_answer_about_somebody_else_is_asked_for_again(linked, work, scrobbles, lastfm, clock, kept, task):
    scrobbles.add(at(clock, 60), "Blue")
    lastfm.mistakes = 2
    await work()
    assert (len((await kept())[0]), (await task()).error) == (1, None)
    lastfm.mistakes = 3
    clock.pass_(hours=1)
    await work()
    assert (len((await kept())[0]), (await task()).error) == (1, "wrong_answer")


async def test_pages_that_shift_while_they_are_read_lose_nothing(linked, work, scrobbles, lastfm, clock, kept):
    """One that was heard offline comes in between pages: all older ones slip by one."""
    for number in range(3 * PAGE):
        scrobbles.add(at(clock, 200 * (number + 1)), f"Song {number}")
    told = iter(range(4))

    def meanwhile():
        if (number := next(told, None)) is not None:
            scrobbles.add(at(clock, 100 + 7 * number), f"Late {number}")

    lastfm.meanwhile = meanwhile
    await work()
    assert len((await kept())[0]) == 3 * PAGE + 4


async def test_what_is_told_weeks_late_is_found_within_a_day(linked, work, scrobbles, clock, kept):
    await work()
    clock.pass_(hours=30)
    await work()
    scrobbles.add(at(clock, 14 * 86_400), "Blue")
    clock.pass_(hours=6)
    await work()
    assert (await kept())[0] == []
    clock.pass_(hours=24)
    await work()
    assert len((await kept())[0]) == 1


async def test_an_edit_takes_the_place_of_what_was_told_before(linked, work, scrobbles, clock, kept):
    scrobbles.add(at(clock, 600), "Blue")
    scrobbles.add(at(clock, 300), "Carey")
    scrobbles.add(at(clock, 300), "California")
    await work()
    before, _ = await kept()
    scrobbles.edit(at(clock, 300), "Carey", "Carey (2021 Remaster)")
    clock.pass_(minutes=10)
    await work()
    after, plays = await kept()
    assert (len(before), len(after), plays) == (3, 3, 3)
    assert len({*before} & {*after}) == 2


async def test_what_is_missing_elsewhere_stays_here(linked, work, scrobbles, clock, kept):
    scrobbles.add(at(clock, 600), "Blue")
    await work()
    scrobbles.told.clear()
    clock.pass_(minutes=10)
    await work()
    assert len((await kept())[0]) == 1


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        *((reply, "provider_away") for name, reply in BROKEN.items() if name in {"an error", "away"}),
        (Reply.of({"error": 8, "message": "Operation failed"}), "provider_away"),
        (Reply.of({"error": 16, "message": "Try again"}, 503), "provider_away"),
        (BROKEN["no object"], "wrong_answer"),
        (BROKEN["HTML with a 200"], "wrong_answer"),
        (BROKEN["JSON without an end"], "wrong_answer"),
        (Reply.of({}), "wrong_answer"),
        (Reply.of({"recenttracks": {"track": []}}), "wrong_answer"),
        (Reply.of({"error": "text"}), "wrong_answer"),
        (Reply.of({"error": 10, "message": "Invalid API key"}), "refused"),
    ],
)
async def test_a_failure_is_waited_out_longer_and_longer(
    linked, work, lastfm, scrobbles, clock, kept, task, fault, error
):
    scrobbles.add(at(clock, 60), "Blue")
    lastfm.fault(API, fault)
    assert await work() == 1
    first, pause = await task(), (await task()).next_due - clock()
    assert (first.error, first.state) == (error, "on")
    clock.at = first.next_due
    assert await work() == 1
    second = await task()
    assert second.next_due - clock() >= pause
    lastfm.mend()
    clock.at = second.next_due
    assert await work() == 1
    assert ((await task()).error, len((await kept())[0])) == (None, 1)


async def test_a_busy_provider_is_left_alone_by_everybody(link, listener_of, work, lastfm, clock, task):
    ida = await listener_of("Ida")
    await link("lastfm")
    await link("lastfm", account="ida", whose=ida)
    lastfm.fault(API, busy("7200"), times=1)
    assert await work() == 1
    clock.pass_(minutes=119)
    assert await work() == 0
    assert len(lastfm.asked(API)) == 1
    clock.pass_(minutes=2)
    assert await work() == 2


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Reply.of({"error": 17, "message": "Login: User required to be logged in"}, 403), "private"),
        (Reply.of({"error": 17, "message": "Login: User required to be logged in"}), "private"),
        (Reply.of({"error": 6, "message": "User not found"}, 404), "no_such_account"),
    ],
)
async def test_what_only_its_owner_can_mend_stops_it(linked, work, lastfm, clock, task, announced, fault, error):
    lastfm.fault(API, fault)
    await work()
    clock.pass_(days=30)
    assert await work() == 0
    assert ((await task()).state, (await task()).error) == ("stopped", error)
    [told] = await announced(SyncReported)
    assert (told.error, told.last_sync_at) == (error, None)


async def test_who_dies_on_the_way_goes_on_with_the_next_page(
    linked, work, scrobbles, lastfm, clock, kept, monkeypatch
):
    for number in range(3 * PAGE):
        scrobbles.add(at(clock, 200 * (number + 1)), f"Song {number}")
    calls = iter(range(99))
    lastfm.meanwhile = lambda: lastfm.fault(API, BROKEN["an error"]) if next(calls) == 2 else None
    await work()
    assert len((await kept())[0]) == 2 * PAGE
    lastfm.mend()
    clock.pass_(minutes=2)
    await work()
    assert len((await kept())[0]) == 3 * PAGE
    assert [call.query["page"] for call in lastfm.asked(API)] == ["1", "3", "2", "1", "1"]
