"""Nominations that come at once."""

import asyncio
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from chassis.testing import Scripted
from club.models import Album, Member, Nomination
from contracts.catalog import AlbumChanged
from contracts.identity import UserChanged

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
