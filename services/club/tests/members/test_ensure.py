"""A person whom the club sees for the first time, in a request that names them."""

from uuid import uuid4

import pytest
from sqlalchemy import func, select

from chassis.errors import NotFound, Unavailable
from chassis.testing import Scripted
from club.models import Member, Nomination
from contracts.identity import UserChanged

NEW = {"discord_id": "175928847299117063", "display_name": "Ida"}


@pytest.fixture
def told():
    known = {"handle": None, "avatar_url": None, "discord_id": NEW["discord_id"]}
    return UserChanged(version=3, user_id=uuid4(), display_name="Ida", **known)


@pytest.fixture
def identity(stage):
    """`identity(…)`: what identity answers from now on."""

    def answering(answers):
        stage.app.state.neighbours["identity"] = scripted = Scripted(answers)
        return scripted

    return answering


@pytest.fixture
async def nominate(ask, record, a_week):
    week, blue = await a_week(), await record("Blue")

    async def send(user, by=None):
        body = {"user": user, "album": {"album_id": str(blue.album_id)}}
        return await ask("POST", f"/club/weeks/{week}/nominations", body, by)

    return send


async def count(stage, table):
    async with stage.db.transaction() as tx:
        return await tx.scalar(select(func.count()).select_from(table))


async def test_somebody_new_is_asked_of_identity_once(nominate, identity, told):
    asked = identity({"POST /internal/users": told.model_dump(mode="json")}).asked
    answers = [await nominate(NEW) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 200]
    assert answers[0].json()["nominator"]["id"] == str(told.user_id)
    assert asked == [("POST /internal/users", NEW)]


async def test_somebody_known_is_not_asked_for(nominate, identity, club_of):
    asked, (ida,) = identity({}).asked, await club_of("Ida")
    for user in ({"discord_id": ida.discord_id, "display_name": "Ida"}, {"user_id": str(ida.user_id)}):
        assert (await nominate(user)).json()["nominator"]["id"] == str(ida.user_id)
    assert asked == []


async def test_an_answer_of_identity_replaces_no_newer_copy(stage, deliver, nominate, identity, told):
    newer = told.model_copy(update={"version": 9, "display_name": "Ida B.", "discord_id": "42"})
    await deliver(newer)
    identity({"POST /internal/users": told.model_dump(mode="json")})
    nominator = (await nominate(NEW)).json()["nominator"]
    assert (nominator["display_name"], nominator["discord_id"]) == ("Ida B.", "42")


async def test_a_user_id_and_a_signed_in_member_are_looked_up(nominate, identity, told, sign):
    answer = told.model_dump(mode="json")
    asked = identity({f"GET /internal/users/{told.user_id}": answer}).asked
    assert (await nominate(None, sign("user", str(told.user_id)))).status_code == 201
    assert (await nominate({"user_id": str(told.user_id)})).status_code == 200
    assert len(asked) == 1


async def test_a_user_id_of_nobody_is_refused_and_nothing_is_written(stage, nominate, identity, refusal):
    nobody = uuid4()
    identity({f"GET /internal/users/{nobody}": NotFound()})
    assert refusal(await nominate({"user_id": str(nobody)})) == (404, "no_such_member")
    assert (await count(stage, Member), await count(stage, Nomination)) == (0, 0)


async def test_while_identity_is_away_strangers_wait_and_nothing_is_written(stage, nominate, identity, refusal):
    identity({"POST /internal/users": Unavailable()})
    answer = await nominate(NEW)
    assert refusal(answer) == (503, "unavailable")
    assert int(answer.headers["retry-after"]) > 0
    assert (await count(stage, Member), await count(stage, Nomination)) == (0, 0)


async def test_who_may_not_speak_for_somebody_makes_identity_make_nobody(nominate, identity, sign, club_of):
    asked, (ben,) = identity({}).asked, await club_of("Ben")
    for headers in (sign("anonymous"), sign("worker"), sign("user", str(ben.user_id))):
        assert (await nominate(NEW, headers)).status_code in {401, 403}
    assert asked == []
