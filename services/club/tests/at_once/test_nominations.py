"""Nominations that come at once."""

import asyncio
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from chassis.announcer import raise_versions, reannounce
from chassis.testing import Scripted
from club.models import Album, Member, Nomination, Nominator
from contracts.catalog import AlbumChanged
from contracts.identity import UserChanged
from contracts.nominations import NominationChanged

BODY = {"user": {"discord_id": "175928847299117063"}, "album": {"title": "Blue", "artist": "Joni Mitchell"}}


@pytest.fixture
def strangers(stage):
    """Neighbours that have just seen Ida and Blue for the first time, which the club has not."""
    known = {"handle": None, "avatar_url": None, "discord_id": BODY["user"]["discord_id"]}
    ida = UserChanged(version=1, user_id=uuid4(), display_name="Ida", **known)
    external = {"year": 1971, "mbid": None, "spotify_id": None, "cover_url": None}
    moment = {"updated_at": "2025-11-24T12:00:00Z"}
    blue = AlbumChanged(version=1, album_id=uuid4(), artists=[], **BODY["album"], **external, **moment)
    stage.app.state.neighbours = {
        "identity": Scripted({"POST /internal/users": ida.model_dump(mode="json")}),
        "catalog": Scripted({"POST /internal/albums": blue.model_dump(mode="json")}),
    }


async def test_the_same_nomination_twenty_times_at_once_is_one(stage, ask, a_week, strangers):
    place = f"/club/weeks/{await a_week()}/nominations"
    answers = await asyncio.gather(*(ask("POST", place, BODY) for _ in range(20)))
    assert sorted(answer.status_code for answer in answers) == [200] * 19 + [201]
    assert len({answer.json()["id"] for answer in answers}) == 1
    async with stage.db.transaction() as tx:
        for table in (Nomination, Member, Album):
            assert await tx.scalar(select(func.count()).select_from(table)) == 1


async def test_repeats_that_each_carry_something_else_at_once_lose_nothing(ask, a_week, strangers):
    place = f"/club/weeks/{await a_week()}/nominations"
    said = [
        {"pitch": "A river."},
        {"tags": {"genre": "folk"}},
        {"tags": {"decade": "1970s"}},
        {"tags": {"country": "CA"}},
    ]
    answers = await asyncio.gather(*(ask("POST", place, BODY | each) for each in said * 5))
    assert sorted(answer.status_code for answer in answers) == [200] * 19 + [201]
    (nomination,) = (await ask("GET", place)).json()["items"]
    assert nomination["pitch"] == "A river."
    assert nomination["tags"] == {"genre": "folk", "decade": "1970s", "country": "CA"}


async def test_withdrawing_and_winning_at_once_never_leaves_a_withdrawn_winner(ask, a_week, strangers):
    for number in range(10):
        week = f"/club/weeks/{await a_week(number)}"
        nomination = (await ask("POST", f"{week}/nominations", BODY)).json()["id"]
        gone, won = await asyncio.gather(
            ask("DELETE", f"{week}/nominations/{nomination}"),
            ask("POST", f"{week}/winner", {"nomination_id": nomination}),
        )
        assert (gone.status_code, won.status_code) in {(204, 409), (409, 200)}


@pytest.fixture
async def nominating(ask, a_week, club_of, record):
    """The week's address, twenty members, and what one of them says who nominates an album of that title."""
    week, people = f"/club/weeks/{await a_week()}", await club_of(*(f"Member {each}" for each in range(20)))
    albums = {title: str((await record(title)).album_id) for title in ("Blue", "Hejira")}

    def said(person, title, **more):
        return {"user": {"user_id": str(person.user_id)}, "album": {"album_id": albums[title]}, **more}

    return week, people, said


async def test_twenty_members_with_one_album_at_once_share_one_nomination(stage, ask, announced, nominating):
    week, people, said = nominating
    answers = await asyncio.gather(*(ask("POST", f"{week}/nominations", said(each, "Blue")) for each in people))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    (nomination,) = (await ask("GET", f"{week}/nominations")).json()["items"]
    named = [nomination["nominator"]["id"], *(each["user"]["id"] for each in nomination["co_nominators"])]
    assert sorted(named) == sorted(str(each.user_id) for each in people)
    events = await announced(NominationChanged)
    assert sorted(len(event.user_ids) for event in events) == list(range(1, 21))
    newest = max(events, key=lambda event: event.version)
    assert [str(each) for each in newest.user_ids] == named


async def test_only_one_of_twenty_has_an_album_where_the_first_one_does(ask, nominating, rules):
    week, people, said = nominating
    await rules(same_album="first")
    answers = await asyncio.gather(*(ask("POST", f"{week}/nominations", said(each, "Blue")) for each in people))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 19
    (nomination,) = (await ask("GET", f"{week}/nominations")).json()["items"]
    assert nomination["co_nominators"] == []


async def test_joining_and_voting_at_once_never_leaves_a_vote_for_ones_own(ask, nominating):
    week, (ida, *others), said = nominating
    nomination = (await ask("POST", f"{week}/nominations", said(ida, "Blue"))).json()["id"]
    for ben in others[:8]:
        vote = {"user": {"user_id": str(ben.user_id)}, "nomination_id": nomination, "rank": 1}
        joined, voted = await asyncio.gather(
            ask("POST", f"{week}/nominations", said(ben, "Blue")), ask("POST", f"{week}/votes", vote)
        )
        assert (joined.status_code, voted.status_code) in {(201, 409), (409, 200)}


async def test_all_who_withdraw_at_once_leave_nobody_and_all_who_come_back_are_there(stage, ask, nominating):
    week, people, said = nominating
    for each in people:
        nomination = (await ask("POST", f"{week}/nominations", said(each, "Blue"))).json()["id"]
    places = [f"{week}/nominations/{nomination}?user={each.user_id}" for each in people]
    assert {answer.status_code for answer in await asyncio.gather(*(ask("DELETE", each) for each in places))} == {204}
    assert (await ask("GET", f"{week}/nominations")).json()["items"] == []
    await asyncio.gather(*(ask("POST", f"{week}/nominations", said(each, "Blue")) for each in people))
    (back,) = (await ask("GET", f"{week}/nominations")).json()["items"]
    assert (back["id"], len(back["co_nominators"])) == (nomination, 19)
    async with stage.db.transaction() as tx:
        assert await tx.scalar(select(func.count()).select_from(Nominator)) == 20


async def test_one_message_edited_at_once_to_two_albums_nominates_one(ask, nominating):
    week, (ida, *_), said = nominating
    ref = {"kind": "message", "id": "77"}
    bodies = [said(ida, title, ref=ref) for title in ("Blue", "Hejira")] * 10
    answers = await asyncio.gather(*(ask("POST", f"{week}/nominations", body) for body in bodies))
    assert {answer.status_code for answer in answers} <= {200, 201}
    assert len((await ask("GET", f"{week}/nominations")).json()["items"]) == 1


async def test_numbers_given_at_once_have_no_gap_and_no_double(ask, nominating, record):
    week, people, said = nominating
    albums = [str((await record(f"Volume {number}")).album_id) for number in range(20)]
    bodies = [said(each, "Blue") | {"album": {"album_id": album}} for each, album in zip(people, albums, strict=True)]
    answers = await asyncio.gather(*(ask("POST", f"{week}/nominations", body) for body in bodies))
    assert {answer.json()["code"] for answer in answers} == {f"A{number}" for number in range(1, 21)}


async def test_what_is_announced_again_is_what_is_so(stage, ask, announced, nominating):
    week, (ida, ben, *_), said = nominating
    for each in (ida, ben):
        nomination = (await ask("POST", f"{week}/nominations", said(each, "Blue", pitch="A river."))).json()["id"]
    await ask("DELETE", f"{week}/nominations/{nomination}?user={ida.user_id}")
    announcer = stage.app.state.announcers["nomination"]
    *_, last = await announced(NominationChanged)
    assert await reannounce(stage.db, announcer) == 1
    assert (await announced(NominationChanged))[-1] == last
    await raise_versions(stage.db, announcer)
    await reannounce(stage.db, announcer)
    assert (await announced(NominationChanged))[-1].version > last.version
