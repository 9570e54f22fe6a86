"""Withdrawing nominations over HTTP."""

from uuid import uuid4

import pytest
from sqlalchemy import update

from club.models import Week


async def win(stage, week, nomination_id):
    async with stage.db.transaction() as tx:
        await tx.execute(update(Week).where(Week.id == week).values(winner_nomination_id=nomination_id))


@pytest.fixture
async def nominated(nominate, scene):
    week, ida, ben, blue = scene
    made = (await nominate(week, ida, blue, pitch="A river to skate away on.")).json()
    return week, ida, ben, blue, made


async def test_a_withdrawn_nomination_is_listed_no_more_and_comes_back_as_it_was(ask, nominate, listed, nominated):
    week, ida, _, blue, made = nominated
    for _ in range(2):
        gone = await ask("DELETE", f"/club/weeks/{week}/nominations/{made['id']}")
        assert (gone.status_code, gone.content) == (204, b"")
    assert await listed(week) == []
    again = await nominate(week, ida, blue)
    assert again.status_code == 200
    assert again.json() | {"updated_at": None} == made | {"updated_at": None}
    assert [each["id"] for each in await listed(week)] == [made["id"]]


async def test_the_nominator_withdraws_their_own_and_nobody_elses(ask, sign, listed, nominated, refusal):
    week, ida, ben, _, made = nominated
    place = f"/club/weeks/{week}/nominations/{made['id']}"
    for headers, *expected in [
        (sign("anonymous"), 401, "unauthenticated"),
        (sign("user", str(ben.user_id)), 403, "only_for_yourself"),
        (sign("worker"), 403, "only_for_yourself"),
    ]:
        assert refusal(await ask("DELETE", place, by=headers)) == tuple(expected)
    assert len(await listed(week)) == 1
    assert (await ask("DELETE", place, by=sign("user", str(ida.user_id)))).status_code == 204
    assert await listed(week) == []


async def test_the_winner_of_a_week_cannot_be_withdrawn(stage, ask, listed, nominated, refusal):
    week, *_, made = nominated
    await win(stage, week, made["id"])
    gone = await ask("DELETE", f"/club/weeks/{week}/nominations/{made['id']}")
    assert refusal(gone) == (409, "winner_stays")
    assert len(await listed(week)) == 1


async def test_only_a_nomination_of_this_week_can_be_withdrawn(ask, listed, nominated, a_week, refusal):
    week, *_, made = nominated
    other = await a_week(4)
    for place in (f"{week}/nominations/{uuid4()}", f"{other}/nominations/{made['id']}"):
        assert refusal(await ask("DELETE", f"/club/weeks/{place}")) == (404, "not_nominated")
    unknown = await ask("DELETE", f"/club/weeks/{uuid4()}/nominations/{made['id']}")
    assert refusal(unknown) == (404, "no_such_week")
    assert len(await listed(week)) == 1
