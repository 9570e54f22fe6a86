"""Making, listing, rotating and revoking keys over HTTP."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text

from chassis.audit import Audited
from contracts.audit import IdentityAuditRecorded
from identity.keys.bootstrap import replace_bootstrap_keys
from identity.keys.rules import parse
from identity.keys.verification import principal_of
from identity.models import ApiKey, User

BOT = {"kind": "bot", "name": "The bot"}


@pytest.fixture
def send(client, sign):
    async def send_(method, path, body=None, by="admin", sub=None, **headers):
        return await client.request(method, path, json=body, headers=sign(by, sub) | headers)

    return send_


@pytest.fixture
def make(send):
    async def make_(**facts):
        answer = await send("POST", "/admin/keys", BOT | facts)
        assert answer.status_code == 201, answer.text
        return answer.json()

    return make_


@pytest.fixture
def whose(stage):
    """Whom a key stands for just now, as the gateway would be told."""

    async def whose_(key):
        async with stage.db.transaction() as tx:
            return await principal_of(tx, key)

    return whose_


@pytest.fixture
async def ida(stage):
    async with stage.db.transaction() as tx:
        tx.add(user := User(display_name="Ida"))
    return user


async def test_a_made_key_is_shown_once_and_works(make, send, whose):
    made = await make(scopes=["users:write", "club:write", "club:write"])
    assert parse(made["key"]).id == made["id"]
    assert (made["kind"], made["scopes"], made["expires_at"]) == ("bot", ["club:write", "users:write"], None)
    assert (await whose(made["key"])).scopes == ["club:write", "users:write"]
    (listed,) = (await send("GET", "/admin/keys")).json()["items"]
    assert "key" not in listed
    assert listed["id"] == made["id"]
    assert listed["last_used_at"] is not None


@pytest.mark.parametrize("kind", ["bot", "worker", "admin"])
async def test_without_scopes_a_key_has_those_of_its_kind(make, kind):
    assert len((await make(kind=kind))["scopes"]) == {"bot": 3, "worker": 4, "admin": 1}[kind]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"scopes": ["admin"]}, "scope_of_another_kind"),
        ({"scopes": ["club:write", "listens:write"]}, "scope_of_another_kind"),
        ({"scopes": []}, "invalid"),
        ({"scopes": ["everything"]}, "invalid"),
        ({"kind": "user"}, "invalid"),
        ({"name": "  "}, "invalid"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "expires_in_the_past"),
        ({"secret": "x"}, "invalid"),
    ],
)
async def test_a_key_that_cannot_be_is_refused(send, body, code, announced):
    answer = await send("POST", "/admin/keys", BOT | body)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert await announced() == []


async def test_a_key_ends_when_it_was_made_to(make, whose, stage):
    made = await make(expires_at=(datetime.now(UTC) + timedelta(hours=1)).isoformat())
    assert await whose(made["key"]) is not None
    async with stage.db.transaction() as tx:
        (await tx.get(ApiKey, made["id"])).expires_at = datetime.now(UTC)
    assert await whose(made["key"]) is None


@pytest.mark.parametrize(("kind", "status"), [("anonymous", 401), ("user", 403), ("bot", 403), ("worker", 403)])
async def test_only_admins_make_see_rotate_and_revoke_keys(send, make, kind, status):
    made = await make()
    at = f"/admin/keys/{made['id']}"
    refused = [
        await send("POST", "/admin/keys", BOT, by=kind),
        await send("GET", "/admin/keys", by=kind),
        await send("POST", f"{at}/rotate", {}, by=kind),
        await send("DELETE", at, by=kind),
    ]
    assert {answer.status_code for answer in refused} == {status}


async def test_an_unknown_key_is_not_found(send):
    for answer in (
        await send("POST", "/admin/keys/zzzzzzzz/rotate", {}),
        await send("DELETE", "/admin/keys/zzzzzzzz"),
        await send("DELETE", "/users/me/keys/zzzzzzzz", by="user"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "no_such_key")


async def test_a_rotated_key_goes_on_for_the_overlap_beside_the_new_one(make, send, whose):
    old = await make(scopes=["club:write"])
    before = datetime.now(UTC)
    new = (await send("POST", f"/admin/keys/{old['id']}/rotate", {})).json()
    assert (new["kind"], new["name"], new["scopes"]) == (old["kind"], old["name"], old["scopes"])
    assert await whose(old["key"]) is not None
    assert await whose(new["key"]) is not None
    listed = {key["id"]: key for key in (await send("GET", "/admin/keys")).json()["items"]}
    ends = datetime.fromisoformat(listed[old["id"]]["expires_at"])
    assert before + timedelta(days=1) <= ends <= datetime.now(UTC) + timedelta(days=1)
    assert listed[old["id"]]["replaced_by"] == new["id"]
    assert listed[new["id"]]["expires_at"] is None


async def test_a_rotation_without_overlap_ends_the_old_key_at_once(make, send, whose):
    old = await make()
    new = (await send("POST", f"/admin/keys/{old['id']}/rotate", {"overlap_seconds": 0})).json()
    assert await whose(old["key"]) is None
    assert await whose(new["key"]) is not None


async def test_an_overlap_never_outlives_the_old_key(make, send):
    soon = (datetime.now(UTC) + timedelta(minutes=5)).isoformat()
    old = await make(expires_at=soon)
    await send("POST", f"/admin/keys/{old['id']}/rotate", {"overlap_seconds": 3600})
    listed = {key["id"]: key for key in (await send("GET", "/admin/keys")).json()["items"]}
    assert listed[old["id"]]["expires_at"] == old["expires_at"]


@pytest.mark.parametrize("overlap", [-1, 604_801, 1.5, "60", None, True])
async def test_an_overlap_is_at_most_a_week(make, send, overlap):
    made = await make()
    answer = await send("POST", f"/admin/keys/{made['id']}/rotate", {"overlap_seconds": overlap})
    assert answer.status_code == 422


async def test_a_key_is_rotated_once_and_not_when_it_has_ended(make, send):
    old, gone = await make(), await make()
    await send("POST", f"/admin/keys/{old['id']}/rotate", {})
    await send("DELETE", f"/admin/keys/{gone['id']}")
    codes = [(await send("POST", f"/admin/keys/{key['id']}/rotate", {})).json()["code"] for key in (old, gone)]
    assert codes == ["already_rotated", "key_not_in_force"]


async def test_a_revoked_key_is_none_and_revoking_again_changes_nothing(make, send, whose, announced):
    made = await make()
    for _ in range(2):
        assert (await send("DELETE", f"/admin/keys/{made['id']}")).status_code == 204
    assert await whose(made["key"]) is None
    actions = [event.entry.action for event in await announced(IdentityAuditRecorded)]
    assert actions == ["key.made", "key.revoked"]


async def test_no_secret_and_no_hash_is_audited_or_announced(make, send, stage, announced):
    made = await make()
    new = (await send("POST", f"/admin/keys/{made['id']}/rotate", {"overlap_seconds": 0})).json()
    async with stage.db.transaction() as tx:
        kept = [(row.before, row.after) for row in await tx.scalars(select(Audited))]
    told = json.dumps(kept) + "".join(event.model_dump_json() for event in await announced())
    for shown in (made, new):
        secret = shown["key"].removeprefix(f"sdt_{shown['id']}_")
        assert secret not in told
        assert parse(shown["key"]).secret_hash.hex() not in told
    assert "secret" not in told


async def test_keys_come_in_pages_newest_first(make, send):
    made = [(await make(name=f"Bot {number}"))["id"] for number in range(5)]
    seen, cursor = [], ""
    while cursor is not None:
        page = (await send("GET", f"/admin/keys?limit=2{cursor and f'&cursor={cursor}'}")).json()
        seen += [key["id"] for key in page["items"]]
        cursor = page["next_cursor"]
    assert sorted(seen) == sorted(made)
    assert (await send("GET", "/admin/keys?cursor=x")).json()["code"] == "bad_cursor"


async def test_a_revoked_key_of_the_environment_stays_so_when_the_service_starts_again(make_key, send, whose, stage):
    key = make_key()
    await replace_bootstrap_keys(stage.db, {"bot": parse(key)})
    assert (await send("DELETE", f"/admin/keys/{parse(key).id}")).status_code == 204
    await replace_bootstrap_keys(stage.db, {"bot": parse(key)})
    assert await whose(key) is None


async def test_somebody_makes_lists_and_revokes_keys_of_their_own(send, whose, ida):
    sub = str(ida.id)
    answer = await send("POST", "/users/me/keys", {"name": "Phone"}, by="user", sub=sub)
    made = answer.json()
    assert (answer.status_code, made["name"]) == (201, "Phone")
    principal = await whose(made["key"])
    assert (principal.id, principal.kind, principal.scopes) == (sub, "user", ["listens:write"])
    (listed,) = (await send("GET", "/users/me/keys", by="user", sub=sub)).json()["items"]
    assert listed.keys() == made.keys() - {"key", "secret"}
    assert (await send("DELETE", f"/users/me/keys/{made['id']}", by="user", sub=sub)).status_code == 204
    assert await whose(made["key"]) is None
    assert (await send("GET", "/users/me/keys", by="user", sub=sub)).json()["items"] == []


async def test_nobody_sees_or_revokes_the_key_of_another_but_an_admin(send, whose, ida):
    made = (await send("POST", "/users/me/keys", {"name": "Phone"}, by="user", sub=str(ida.id))).json()
    assert (await send("GET", "/users/me/keys", by="user")).json()["items"] == []
    assert (await send("DELETE", f"/users/me/keys/{made['id']}", by="user")).status_code == 404
    (listed,) = (await send("GET", "/admin/keys")).json()["items"]
    assert listed["owner"]["display_name"] == "Ida"
    refused = await send("POST", f"/admin/keys/{made['id']}/rotate", {})
    assert refused.json()["code"] == "own_keys_only"
    assert (await send("DELETE", f"/admin/keys/{made['id']}")).status_code == 204
    assert await whose(made["key"]) is None


@pytest.mark.parametrize(("kind", "status"), [("anonymous", 401), ("bot", 403), ("worker", 403), ("admin", 403)])
async def test_only_people_have_keys_of_their_own(send, kind, status):
    assert (await send("POST", "/users/me/keys", {"name": "Phone"}, by=kind)).status_code == status
    assert (await send("GET", "/users/me/keys", by=kind)).status_code == status


async def test_a_key_for_listens_makes_no_other_key(client, sign, ida):
    headers = sign("user", str(ida.id), ["listens:write"])
    answer = await client.post("/users/me/keys", json={"name": "Another"}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "key_for_listens_only")


async def test_nobody_has_more_than_twenty_keys(send, ida):
    answers = [
        await send("POST", "/users/me/keys", {"name": f"No. {n}"}, by="user", sub=str(ida.id)) for n in range(21)
    ]
    assert [answer.status_code for answer in answers] == [201] * 20 + [409]
    assert answers[-1].json()["code"] == "too_many_keys"


async def test_a_repeated_request_makes_no_second_key_and_the_first_is_not_kept(send, stage):
    first = await send("POST", "/admin/keys", BOT, **{"Idempotency-Key": "once"})
    again = await send("POST", "/admin/keys", BOT, **{"Idempotency-Key": "once"})
    assert (again.status_code, again.json()["code"]) == (409, "shown_once")
    assert len((await send("GET", "/admin/keys")).json()["items"]) == 1
    async with stage.db.transaction() as tx:
        (kept,) = (await tx.execute(text("SELECT idempotency::text FROM idempotency"))).scalars()
    assert first.json()["key"][-32:].encode().hex() not in kept
