"""People for the other services."""

from uuid import uuid4

import pytest

from chassis.announcer import raise_versions, reannounce
from contracts.identity import UserChanged

SNOWFLAKE = "175928847299117063"
IDA = {"discord_id": SNOWFLAKE, "display_name": "Ida", "avatar_url": "https://cdn.example/ida.png"}


@pytest.fixture
def ensure(client, sign):
    async def ensure_(body, kind="service"):
        return await client.post("/internal/users", json=body, headers=sign(kind))

    return ensure_


async def test_a_person_is_made_when_first_named_and_answered_as_announced(ensure, announced):
    made = await ensure(IDA)
    (event,) = await announced(UserChanged)
    assert made.json() == event.model_dump(mode="json")


async def test_naming_a_known_person_changes_only_what_is_said_and_differs(ensure, announced):
    made = (await ensure(IDA)).json()
    for silent in ({"discord_id": SNOWFLAKE}, {"discord_id": SNOWFLAKE, "display_name": None, "avatar_url": None}, IDA):
        assert (await ensure(silent)).json() == made
    renamed = (await ensure({"discord_id": SNOWFLAKE, "display_name": "Ida B."})).json()
    assert (renamed["user_id"], renamed["avatar_url"]) == (made["user_id"], IDA["avatar_url"])
    assert [event.display_name for event in await announced(UserChanged)] == ["Ida", "Ida B."]


async def test_a_person_is_looked_up_by_user_id(ensure, client, sign):
    made = (await ensure(IDA)).json()
    assert (await ensure({"user_id": made["user_id"]})).json() == made
    assert (await client.get(f"/internal/users/{made['user_id']}", headers=sign("service"))).json() == made


async def test_many_are_met_at_once_as_each_would_be_alone(ensure, client, sign, announced):
    made, unknown = (await ensure(IDA)).json(), str(uuid4())
    named = [
        {"discord_id": "42", "display_name": "Cam"},
        {"discord_id": SNOWFLAKE, "display_name": "Ida B."},
        {"user_id": unknown},
        {"user_id": made["user_id"]},
        {"discord_id": "43"},
    ]
    for _ in range(2):
        met = await client.post("/internal/users/meet", json={"users": named}, headers=sign("service"))
        cam, ida, nobody, same, blank = met.json()["users"]
        assert [each["display_name"] for each in (cam, ida, same, blank)] == ["Cam", "Ida B.", "Ida B.", "Member 43"]
        assert nobody is None
        assert ida["user_id"] == same["user_id"] == made["user_id"]
    told = await announced(UserChanged)
    assert sorted(event.display_name for event in told) == ["Cam", "Ida", "Ida B.", "Member 43"]


async def test_an_unknown_user_id_is_not_made_up(ensure, client, sign):
    unknown = str(uuid4())
    read = await client.get(f"/internal/users/{unknown}", headers=sign("service"))
    for answer in (await ensure({"user_id": unknown}), read):
        assert (answer.status_code, answer.json()["code"]) == (404, "no_such_user")


@pytest.mark.parametrize(
    "body", [{}, {"discord_id": "1", "user_id": str(uuid4())}, {"user_id": str(uuid4()), "display_name": "Ida"}]
)
async def test_a_person_is_named_in_one_way(ensure, body):
    assert (await ensure(body)).status_code == 422


@pytest.mark.parametrize("kind", ["anonymous", "user", "bot", "worker", "admin"])
async def test_only_services_may_ask(ensure, client, sign, kind):
    assert (await ensure(IDA, kind)).status_code == 403
    assert (await client.get(f"/internal/users/{uuid4()}", headers=sign(kind))).status_code == 403


async def test_a_person_can_be_announced_again_and_after_a_restore_above_all_before(ensure, announced, app, stage):
    made = (await ensure(IDA)).json()
    announcer = app.state.announcers["user"]
    assert await reannounce(stage.db, announcer) == 1
    await raise_versions(stage.db, announcer)
    assert await reannounce(stage.db, announcer, to="club.copy_member") == 1
    first, again, raised = await announced(UserChanged)
    assert first == again == UserChanged.model_validate(made)
    assert raised.version > first.version
