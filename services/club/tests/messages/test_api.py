"""Messages over HTTP: one that is gone takes back what it said, and missed ones are made up for."""

import pytest

from chassis.errors import Unavailable
from chassis.testing import Scripted
from contracts.nominations import NominationChanged
from contracts.ratings import RatingGiven

BLUE, HEJIRA = "Blue — Joni Mitchell (1971)", "Hejira — Joni Mitchell (1976)"


@pytest.fixture
async def people(club_of, record):
    await record("Blue")
    await record("Hejira", year=1976)
    return await club_of("Ida", "Ben", "Cleo")


@pytest.fixture
def week_of(ask, people):
    """`await week_of(phase)`: the id of a week that stands there."""

    async def make(phase=None, number=3):
        week = (await ask("POST", "/club/weeks", {"number": number})).json()["id"]
        if phase:
            assert (await ask("POST", f"/club/weeks/{week}/advance", {"to": phase})).status_code == 200
        return week

    return make


@pytest.fixture
def titles(ask):
    async def read(week):
        items = (await ask("GET", f"/club/weeks/{week}/nominations")).json()["items"]
        return {item["album"]["title"]: item["nominator"]["display_name"] for item in items}

    return read


async def won_by_blue(ask, week):
    (nomination,) = (await ask("GET", f"/club/weeks/{week}/nominations")).json()["items"]
    answer = await ask("POST", f"/club/weeks/{week}/winner", {"nomination_id": nomination["id"]})
    assert answer.status_code == 200


async def test_missed_nominations_and_ratings_are_made_up_for(ask, people, week_of, resync, became, message, titles):
    (ida, ben, _), week = people, await week_of()
    said = message(ida, "nomination", f"{BLUE}\nWhy?: Still new.\nTags: folk / 70s / Canada")
    assert became(await resync(week, said)) == [("made", None)]
    assert await titles(week) == {"Blue": "Ida"}
    await won_by_blue(ask, week)
    rated = message(ben, "rating", "Rating (1.0-5.0): 4,5\nFavourite track: River\nHonest.")
    (told,) = await resync(week, rated)
    one = (await ask("GET", f"/club/weeks/{week}/ratings/{ben.user_id}")).json()
    assert (told["subject_id"], one["rating"], one["favorite_track"], one["review"]) == (
        one["id"],
        4.5,
        "River",
        "Honest.",
    )
    assert one["late"] is False


async def test_what_was_seen_already_is_the_same_and_announces_nothing(
    stage, people, week_of, resync, became, message, announced
):
    week, said = await week_of(), message(people[0], "nomination", BLUE)
    await resync(week, said)
    before = len(await announced())
    assert became(await resync(week, said)) == [("same", None)]
    assert len(await announced()) == before


async def test_messages_are_settled_in_the_order_they_were_sent_however_they_arrive(
    people, week_of, resync, became, message, titles
):
    (ida, ben, _), week = people, await week_of()
    first, second = message(ida, "nomination", BLUE, minutes=-9), message(ida, "nomination", HEJIRA, minutes=-5)
    other = message(ben, "nomination", BLUE, minutes=-7)
    told = await resync(week, second, other, first)
    assert became(told) == [("made", None), ("made", None), ("refused", "nomination_limit")]
    assert [item["index"] for item in told] == [2, 1, 0]
    assert await titles(week) == {"Blue": "Ida"}


async def test_an_edited_message_says_what_it_says_now(people, week_of, resync, became, message, titles):
    (ida, *_), week = people, await week_of()
    said = message(ida, "nomination", BLUE)
    await resync(week, said)
    assert became(await resync(week, said | {"content": HEJIRA})) == [("made", None)]
    assert await titles(week) == {"Hejira": "Ida"}


async def test_an_edit_that_says_nothing_takes_nothing_back(ask, people, week_of, resync, became, message, titles):
    (ida, ben, _), week = people, await week_of()
    nominated, rated = message(ida, "nomination", BLUE), message(ben, "rating", "4.5")
    await resync(week, nominated)
    await won_by_blue(ask, week)
    await resync(week, rated)
    for said, text in ((nominated, "never mind"), (rated, "I will rate it later"), (rated, "9/10")):
        assert became(await resync(week, said | {"content": text})) == [("not_understood", None)]
    assert await titles(week) == {"Blue": "Ida"}
    assert [each["rating"] for each in await ratings(ask, week)] == [4.5]


async def test_a_message_is_measured_by_the_phase_it_met(ask, people, week_of, resync, became, message, titles):
    (ida, ben, cleo), week = people, await week_of("nominating")
    in_time = message(ida, "nomination", BLUE, minutes=0)
    await ask("POST", f"/club/weeks/{week}/advance", {"to": "voting"})
    late = message(ben, "nomination", HEJIRA, minutes=1)
    assert became(await resync(week, in_time, late)) == [("made", None), ("refused", "phase_closed")]
    assert await titles(week) == {"Blue": "Ida"}
    edited = in_time | {"content": HEJIRA, "edited_at": "2100-01-01T00:00:00Z"}
    assert became(await resync(week, edited)) == [("refused", "phase_closed")]
    await ask("PUT", f"/club/weeks/{week}/ballots/{cleo.user_id}", {"first": await only(ask, week)})
    await ask("POST", f"/club/weeks/{week}/advance", {"to": "rating"})
    rated = message(ben, "rating", "4.5")
    await ask("POST", f"/club/weeks/{week}/advance", {"to": "closed"})
    assert became(await resync(week, rated, message(ida, "rating", "3", minutes=1))) == [("made", None)] * 2
    late = {each["user"]["display_name"]: each["late"] for each in await ratings(ask, week)}
    assert late == {"Ben": False, "Ida": True}


async def only(ask, week):
    (nomination,) = (await ask("GET", f"/club/weeks/{week}/nominations")).json()["items"]
    return nomination["id"]


async def ratings(ask, week):
    return (await ask("GET", f"/club/weeks/{week}/ratings")).json()["items"]


async def test_once_the_poll_is_counted_a_missed_nomination_comes_too_late(
    ask, people, week_of, resync, became, message
):
    week = await week_of("nominating")
    said = message(people[0], "nomination", BLUE)
    await ask("POST", f"/club/weeks/{week}/advance", {"to": "discussing"})
    assert became(await resync(week, said)) == [("refused", "result_final")]


async def test_one_that_is_refused_or_not_understood_costs_the_others_nothing(
    people, week_of, resync, became, message, titles
):
    (ida, ben, cleo), week = people, await week_of()
    told = await resync(
        week,
        message(ida, "nomination", "anyone up for tea?", minutes=-4),
        message(ben, "rating", "4.5", minutes=-3),
        message(cleo, "nomination", BLUE, minutes=-2),
        message(ida, "nomination", "", minutes=-1),
    )
    assert became(told) == [
        ("not_understood", None),
        ("refused", "no_winner"),
        ("made", None),
        ("not_understood", None),
    ]
    assert told[0]["not_understood"][0]["why"].endswith(".")
    assert told[1]["detail"].endswith(".")
    assert await titles(week) == {"Blue": "Cleo"}


async def test_a_deleted_message_takes_back_what_it_said_once(ask, people, week_of, resync, became, message, announced):
    (ida, ben, _), week = people, await week_of()
    nominated, rated = message(ida, "nomination", BLUE), message(ben, "rating", "4")
    await resync(week, nominated)
    await won_by_blue(ask, week)
    await resync(week, rated)
    gone = await ask("DELETE", f"/club/messages/{rated['id']}")
    assert (gone.status_code, gone.json()["week_ids"], len(gone.json()["ratings"])) == (200, [week], 1)
    assert (await announced(RatingGiven))[-1].withdrawn
    again = await ask("DELETE", f"/club/messages/{rated['id']}")
    assert (again.status_code, again.json()["ratings"]) == (200, [])
    assert became(await resync(week, rated | {"deleted": True})) == [("gone", None)]


async def test_a_deleted_nomination_is_withdrawn_unless_it_has_won(
    ask, people, week_of, resync, message, announced, refusal
):
    week, said = await week_of(), message(people[0], "nomination", BLUE)
    await resync(week, said)
    assert len((await ask("DELETE", f"/club/messages/{said['id']}")).json()["nominations"]) == 1
    assert (await announced(NominationChanged))[-1].withdrawn
    await resync(week, said)
    await won_by_blue(ask, week)
    assert refusal(await ask("DELETE", f"/club/messages/{said['id']}")) == (409, "winner_stays")


async def test_where_all_messages_were_sent_those_not_among_them_are_gone(
    people, week_of, resync, became, message, titles
):
    (ida, ben, _), week = people, await week_of()
    first, second = message(ida, "nomination", BLUE), message(ben, "nomination", HEJIRA)
    await resync(week, first, second)
    told = await resync(week, second, complete=["nomination", "rating"])
    assert became(told) == [("same", None), ("withdrawn", None)]
    assert (told[1]["index"], told[1]["id"]) == (None, first["id"])
    assert await titles(week) == {"Hejira": "Ben"}


async def test_while_a_neighbour_is_away_nothing_of_the_batch_is_written(
    stage, people, week_of, ask, message, refusal, titles
):
    week = await week_of()
    stage.app.state.neighbours["catalog"] = Scripted({"POST /internal/albums": Unavailable()})
    batch = [message(people[0], "nomination", BLUE), message(people[1], "nomination", "Aja — Steely Dan (1977)")]
    assert refusal(await ask("POST", f"/club/weeks/{week}/resync", {"messages": batch})) == (503, "unavailable")
    assert await titles(week) == {}


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": "x"},
        {"kind": "vote"},
        {"author": {}},
        {"content": "a\0b"},
        {"edited_at": "2025-11-24T20:00"},
        {"deleted": "yes"},
        {"sneaky": 1},
    ],
)
async def test_a_batch_that_is_none_is_refused(people, week_of, ask, message, refusal, wrong):
    batch = {"messages": [message(people[0], "nomination", BLUE) | wrong]}
    assert refusal(await ask("POST", f"/club/weeks/{await week_of()}/resync", batch))[0] == 422


async def test_only_hosts_and_bots_speak_of_messages(people, week_of, ask, sign, message, refusal):
    week, member = await week_of(), sign("user")
    batch = {"messages": [message(people[0], "nomination", BLUE)]}
    assert refusal(await ask("POST", f"/club/weeks/{week}/resync", batch, by=member)) == (403, "hosts_only")
    assert refusal(await ask("DELETE", "/club/messages/12345", by=member)) == (403, "hosts_only")
