"""People over HTTP."""

import json
from uuid import uuid4

import pytest

from contracts.identity import UserChanged

IDA = {"display_name": "Ida", "avatar_url": "https://cdn.example/ida.png"}
JSON = {"Content-Type": "application/json"}
SNOWFLAKE = "175928847299117063"
AT = f"/users/discord/{SNOWFLAKE}"


@pytest.fixture
def put(client, sign):
    async def put_(body, at=AT, **caller):
        # Escaped, as only then half a surrogate pair can be sent at all.
        return await client.put(at, content=json.dumps(body), headers=sign(**caller) | JSON)

    return put_


@pytest.fixture
def read(client, sign):
    async def read_(at, kind="anonymous"):
        return await client.get(at, headers=sign(kind))

    return read_


async def test_a_person_seen_for_the_first_time_is_made_and_announced_whole(put, announced):
    answer = await put(IDA)
    assert answer.status_code == 201
    user = answer.json()
    assert {**IDA, "discord_id": SNOWFLAKE, "handle": None}.items() <= user.items()
    (event,) = await announced(UserChanged)
    assert (str(event.user_id), event.display_name, event.discord_id) == (user["id"], "Ida", SNOWFLAKE)


async def test_a_person_without_a_name_is_called_by_the_end_of_their_id(put):
    assert (await put({})).json()["display_name"] == "Member 7063"


async def test_the_same_again_changes_nothing_and_announces_nothing(put, announced):
    first = await put(IDA)
    for body in (IDA, {}, {"display_name": "  Ida "}, {"display_name": None}):
        again = await put(body)
        assert (again.status_code, again.json()) == (200, first.json())
    assert len(await announced(UserChanged)) == 1


async def test_a_newer_profile_sets_what_it_carries_and_is_announced_with_a_higher_version(put, announced):
    made = (await put(IDA)).json()
    changed = (await put({"display_name": "Ida B."})).json()
    assert (changed["id"], changed["display_name"], changed["avatar_url"]) == (made["id"], "Ida B.", IDA["avatar_url"])
    first, second = await announced(UserChanged)
    assert second.version > first.version
    assert (second.display_name, second.avatar_url) == ("Ida B.", IDA["avatar_url"])


async def test_a_picture_can_be_taken_away(put):
    await put(IDA)
    assert (await put({"avatar_url": None})).json()["avatar_url"] is None


async def test_two_discord_ids_are_two_people(put):
    assert (await put(IDA)).json()["id"] != (await put(IDA, at="/users/discord/2")).json()["id"]


@pytest.mark.parametrize(
    "body",
    [
        {"display_name": "I\0da"},
        {"display_name": "\ud800"},
        {"display_name": "x" * 101},
        {"display_name": "   "},
        {"display_name": 7},
        {"display_name": ["Ida"]},
        {"avatar_url": "javascript:alert(1)"},
        {"avatar_url": "https://cdn.example/" + "x" * 2048},
        {"nickname": "Ida"},
        {"handle": "ida"},
        [],
        None,
        "Ida",
    ],
)
async def test_a_body_that_is_no_profile_is_a_problem(put, announced, body):
    answer = await put(body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert answer.headers["content-type"] == "application/problem+json"
    assert await announced() == []


@pytest.mark.parametrize(
    "snowflake", ["0", "01", "-1", "ida", "1" * 21, "1%00", "1%0A", "\N{ARABIC-INDIC DIGIT THREE}", "1.5"]
)
async def test_what_is_no_discord_id_is_a_problem(put, read, snowflake):
    assert (await put(IDA, at=f"/users/discord/{snowflake}")).status_code == 422
    assert (await read(f"/users/discord/{snowflake}", "bot")).status_code == 422


@pytest.mark.parametrize(
    ("caller", "status", "code"),
    [
        ({"kind": "anonymous"}, 401, "unauthenticated"),
        ({"kind": "user"}, 403, "may_not_write_users"),
        ({"kind": "worker", "scopes": ["listens:write"]}, 403, "may_not_write_users"),
        ({"kind": "bot", "scopes": ["club:write"]}, 403, "may_not_write_users"),
    ],
)
async def test_who_may_not_write_users_is_told_so(put, announced, caller, status, code):
    answer = await put(IDA, **caller)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert await announced() == []


async def test_everyone_may_see_a_person_but_only_programs_the_discord_id(put, read):
    user = (await put(IDA)).json()
    at = f"/users/{user['id']}"
    for kind in ("bot", "worker", "admin"):
        assert (await read(at, kind)).json().items() >= user.items()
    for kind in ("anonymous", "user"):
        assert (await read(at, kind)).json().items() >= (user | {"discord_id": None}).items()


async def test_an_unchanged_person_is_not_sent_again_but_another_view_of_them_is(put, client, sign):
    at = f"/users/{(await put(IDA)).json()['id']}"
    etag = (await client.get(at, headers=sign("anonymous"))).headers["etag"]
    for kind, status in (("anonymous", 304), ("bot", 200)):
        answer = await client.get(at, headers=sign(kind) | {"If-None-Match": etag})
        assert answer.status_code == status


async def test_a_person_is_found_by_discord_id_by_those_who_see_it(put, read):
    user = (await put(IDA)).json()
    assert (await read(AT, "bot")).json() == user
    for kind in ("anonymous", "user"):
        refused = await read(AT, kind)
        assert (refused.status_code, refused.json()["code"]) == (403, "may_not_see_discord_ids")


@pytest.mark.parametrize("at", [AT, "/users/240d56cd-3bbf-4965-9741-f62e6db4eb68"])
async def test_nobody_is_found_where_nobody_is(read, at):
    missing = await read(at, "bot")
    assert (missing.status_code, missing.json()["code"]) == (404, "no_such_user")


async def test_a_request_without_an_internal_token_is_refused(client):
    assert (await client.put(AT, json=IDA)).status_code == 401
    assert (await client.get(f"/users/{uuid4()}")).status_code == 401
