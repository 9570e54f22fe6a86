"""Fetching from ListenBrainz, page by page into the past."""

import pytest
from tests.fakes.faults import BROKEN, Reply, busy

PATH = "/1/user/wren/listens"


@pytest.fixture
async def linked(link):
    await link("listenbrainz")


def listen(clock, ago, title, artist="Joni Mitchell"):
    return int(clock().timestamp()) - ago, artist, title, "Blue"


async def test_all_there_is_is_fetched(linked, work, listenbrainz, clock, kept, task, monkeypatch):
    monkeypatch.setattr("listening.sync.listenbrainz.PAGE", 100)
    listenbrainz.listens["wren"] = [listen(clock, 200 * number, f"Song {number}") for number in range(1, 251)]
    assert await work() == 1
    sightings, plays = await kept()
    assert len(sightings) == plays == 250
    assert (await task("listenbrainz")).error is None


@pytest.mark.parametrize("size", [2, 3, 5, 7])
async def test_listens_of_one_second_are_all_there_wherever_a_page_ends(
    linked, work, listenbrainz, clock, kept, monkeypatch, size
):
    monkeypatch.setattr("listening.sync.listenbrainz.PAGE", size)
    told = [listen(clock, 1000 * (number // 2), f"Song {number}") for number in range(2, 40)]
    listenbrainz.listens["wren"] = told
    await work()
    assert len((await kept())[0]) == len(told)


async def test_a_page_of_one_second_only_comes_to_an_end(linked, work, listenbrainz, clock, kept, task, monkeypatch):
    monkeypatch.setattr("listening.sync.listenbrainz.PAGE", 3)
    listenbrainz.listens["wren"] = [listen(clock, 500, f"Song {number}") for number in range(3)]
    listenbrainz.listens["wren"] += [listen(clock, 900, "Before")]
    await work()
    assert len((await kept())[0]) == 4
    assert (await task("listenbrainz")).error is None


async def test_only_what_is_new_is_asked_for_again(linked, work, listenbrainz, clock, kept, monkeypatch):
    monkeypatch.setattr("listening.sync.listenbrainz.PAGE", 100)
    listenbrainz.listens["wren"] = [listen(clock, 3600 * number, f"Song {number}") for number in range(1, 901)]
    await work()
    asked = len(listenbrainz.calls)
    clock.pass_(hours=2)
    listenbrainz.listens["wren"].append(listen(clock, 60, "New"))
    await work()
    assert len(listenbrainz.calls) == asked + 1
    assert len((await kept())[0]) == 901


async def test_what_comes_in_while_pages_are_read_is_there_the_next_time(
    linked, work, listenbrainz, clock, kept, monkeypatch
):
    monkeypatch.setattr("listening.sync.listenbrainz.PAGE", 10)
    listenbrainz.listens["wren"] = [listen(clock, 60 * number, f"Song {number}") for number in range(1, 51)]
    told = iter(range(100))
    listenbrainz.meanwhile = lambda: listenbrainz.listens["wren"].append(listen(clock, -next(told), "Just now"))
    await work()
    listenbrainz.meanwhile = lambda: None
    clock.pass_(hours=1)
    await work()
    assert len((await kept())[0]) == len(listenbrainz.listens["wren"])


@pytest.mark.parametrize(
    ("fault", "state", "error"),
    [
        (Reply.of({"code": 404, "error": "Cannot find user: wren"}, 404), "stopped", "no_such_account"),
        (busy("30"), "on", "provider_busy"),
        (BROKEN["a bad gateway in HTML"], "on", "provider_away"),
        (BROKEN["half of its JSON"], "on", "wrong_answer"),
        (Reply.of({"payload": {"listens": {}}}), "on", "wrong_answer"),
        (Reply.of({"payload": {"user_id": "rob", "listens": []}}), "on", "wrong_answer"),
        (Reply.of({"payload": {"user_id": "Wren", "listens": [7, {"listened_at": 1}]}}), "on", None),
    ],
)
async def test_whatever_it_answers_is_named(linked, work, listenbrainz, task, fault, state, error):
    listenbrainz.fault(PATH, fault)
    await work()
    told = await task("listenbrainz")
    assert (told.state, told.error) == (state, error)


async def test_a_name_with_anything_in_it_is_asked_for_as_it_is(link, work, listenbrainz, task):
    listenbrainz.listens["wr/en ü"] = []
    await link("listenbrainz", account="wr/en ü")
    await work()
    assert (await task("listenbrainz")).error is None
