"""Merging people over HTTP, and what becomes of what they have."""

from uuid import UUID, uuid4

from sqlalchemy import select

from chassis.announcer import reannounce
from contracts.audit import IdentityAuditRecorded
from contracts.identity import UserChanged, UserMerged
from contracts.sessions import AccessRevoked
from identity.keys.rules import parse
from identity.merging.belongings import never_signed_in
from identity.models import ApiKey, Password, UserAlias

PASSWORD = "four words of one's own"


def cookie(answer):
    return answer.headers["set-cookie"].partition("=")[2].partition(";")[0]


async def account(register, handle="wren"):
    answer = await register(handle)
    assert answer.status_code == 201, answer.text
    return answer.json()["user"]["id"], cookie(answer)


async def test_a_claimed_discord_account_is_the_survivors_under_both_ids(meet, register, merge, seen, client, sign):
    old, (wren, _) = await meet("175", display_name="Wren ♪"), await account(register)
    answer = await merge(old, wren)
    assert (answer.status_code, answer.json()["id"], answer.json()["discord_id"]) == (200, wren, "175")
    assert await seen(old) == await seen(wren)
    assert (await seen(old))["display_name"] == "wren"
    named = [{"discord_id": "175"}, {"user_id": old}, {"user_id": wren}]
    ensured = [await client.post("/internal/users", json=each, headers=sign("service")) for each in named]
    assert {each.json()["user_id"] for each in ensured} == {wren}
    assert (await client.get(f"/internal/users/{old}", headers=sign("service"))).json()["user_id"] == wren
    assert await meet("175", display_name="Wren B.") == wren
    assert (await seen(old))["display_name"] == "Wren B."


async def test_a_merge_is_announced_with_both_people_as_they_are_now(meet, register, merge, announced):
    old, (wren, _) = await meet("175"), await account(register)
    before = {each.user_id: each.version for each in await announced(UserChanged)}
    await merge(old, wren)
    (merged,) = await announced(UserMerged)
    assert (str(merged.user_id), str(merged.survivor_id)) == (old, wren)
    gone, stays = (await announced(UserChanged))[-2:]
    assert (str(gone.user_id), gone.discord_id) == (old, None)
    assert (str(stays.user_id), stays.discord_id) == (wren, "175")
    assert all(each.version > before[each.user_id] for each in (gone, stays))
    (kept,) = [each for each in await announced(IdentityAuditRecorded) if each.entry.action == "user.merged"]
    assert (kept.entry.subject_id, kept.entry.after["into"], kept.entry.reason) == (old, wren, "Both are Ida.")


async def test_merging_again_changes_and_announces_nothing(meet, register, merge, announced, seen):
    old, (wren, _) = await meet("175"), await account(register)
    first = await merge(old, wren)
    before = await announced()
    again = await merge(old, wren)
    assert (again.status_code, again.json()) == (200, first.json())
    assert await announced() == before
    assert (await seen(old))["id"] == first.json()["id"]


async def test_merges_one_after_the_other_end_in_the_last_survivor(meet, merge, seen, announced, stage):
    ida, ben, cleo = [await meet(each) for each in ("1", "2", "3")]
    await merge(ida, ben)
    assert (await merge(ben, cleo)).status_code == 200
    assert {(await seen(each))["id"] for each in (ida, ben, cleo)} == {cleo}
    async with stage.db.transaction() as tx:
        aliases = (await tx.scalars(select(UserAlias))).all()
    assert {(str(each.id), str(each.survivor_id)) for each in aliases} == {(ida, cleo), (ben, cleo)}
    told = await announced(UserMerged)
    assert [(str(each.user_id), str(each.survivor_id)) for each in told] == [(ida, ben), (ben, cleo), (ida, cleo)]
    assert told[2].version > told[0].version
    assert (await merge(ida, cleo)).status_code == (await merge(ida, ben)).status_code == 200
    assert await announced(UserMerged) == told


async def test_what_cannot_be_merged_is_refused_and_changes_nothing(meet, merge, announced, refused):
    ida, ben, cleo, nobody = [await meet(each) for each in ("1", "2", "3")] + [str(uuid4())]
    await merge(ida, ben)
    before = await announced()
    assert refused(await merge(cleo, cleo)) == (409, "same_person")
    assert refused(await merge(ben, ida)) == (409, "same_person")
    assert refused(await merge(ida, cleo)) == (409, "merged_elsewhere")
    assert refused(await merge(nobody, cleo)) == refused(await merge(cleo, nobody)) == (404, "no_such_user")
    assert await announced() == before


async def test_only_admins_merge_people(meet, merge, sign, refused, register, me):
    ida, ben = [await meet(each) for each in ("1", "2")]
    assert refused(await merge(ida, ben, sign())) == (403, "only_admins")
    assert refused(await merge(ida, ben, sign("user"))) == (403, "only_admins")
    assert refused(await merge(ida, ben, sign("anonymous"))) == (401, "unauthenticated")
    assert (await merge(ida, ben, sign("user", scopes=["admin"]))).status_code == 200


async def test_two_who_signed_in_are_one_and_the_old_ones_browsers_are_signed_out(
    register, merge, principal, visit, announced
):
    (old, old_cookie), (wren, own_cookie) = await account(register, "wren-b"), await account(register)
    assert (await principal(session=old_cookie))["id"] == old
    assert (await merge(old, wren)).json()["handle"] == "wren"
    assert await principal(session=old_cookie) is None
    assert (await principal(session=own_cookie))["id"] == wren
    revoked = await announced(AccessRevoked)
    assert any(each.credential is None and str(each.user_id) == old for each in revoked)
    login = {"handle": "wren-b", "password": PASSWORD}
    assert (await visit("POST", "/auth/login", login)).status_code == 401
    assert (await visit("POST", "/auth/login", login | {"handle": "wren"})).json()["user"]["id"] == wren


async def test_who_has_no_password_gets_the_old_ones_with_the_handle(register, meet, merge, visit):
    (old, _), ida = await account(register), await meet("175")
    await merge(old, ida)
    signed_in = await visit("POST", "/auth/login", {"handle": "wren", "password": PASSWORD})
    assert (signed_in.json()["user"]["id"], signed_in.json()["user"]["handle"]) == (ida, "wren")


async def test_the_handle_of_an_alias_is_for_nobody_else(register, merge):
    (old, _), (wren, _) = await account(register, "wren-b"), await account(register)
    await merge(old, wren)
    assert (await register("wren-b")).status_code == 409


async def test_keys_go_over_to_the_survivor(stage, meet, register, merge, make_key, principal):
    (old, _), ida, key = await account(register), await meet("175"), make_key()
    presented = parse(key)
    async with stage.db.transaction() as tx:
        told = {"name": "phone", "kind": "user", "scopes": [], "owner_id": UUID(old)}
        tx.add(ApiKey(id=presented.id, secret_hash=presented.secret_hash, **told))
    assert (await principal(key=key))["id"] == old
    await merge(old, ida)
    assert (await principal(key=key))["id"] == ida


async def test_who_is_an_admin_makes_no_admin_of_the_survivor(stage, register, merge, principal):
    (old, _), (wren, own_cookie) = await account(register, "wren-b"), await account(register)
    await merge(old, wren)
    assert (await principal(session=own_cookie))["scopes"] == []
    async with stage.db.transaction() as tx:
        assert await tx.get(Password, UUID(old)) is None


async def test_only_who_never_signed_in_can_be_claimed(stage, register, meet):
    (wren, _), ida = await account(register), await meet("175")
    async with stage.db.transaction() as tx:
        assert await never_signed_in(tx, UUID(ida)) is True
        assert await never_signed_in(tx, UUID(wren)) is False


async def test_merges_are_told_again_to_who_keeps_them(app, stage, meet, merge, announced):
    ida, ben = [await meet(each) for each in ("1", "2")]
    await merge(ida, ben)
    (told,) = await announced(UserMerged)
    assert await reannounce(stage.db, app.state.announcers["user.merged"], to="club.merge_member") == 1
    assert (await announced(UserMerged))[-1] == told


async def test_an_export_from_before_the_merge_names_the_same_people(client, sign, meet, merge):
    ida, ben = [await meet(each) for each in ("1", "2")]
    await merge(ida, ben)
    exported = {"id": ida, "discord_id": "1", "display_name": "Ida"}
    answer = await client.post("/internal/users/adopt", json={"users": [exported]}, headers=sign("service"))
    assert (answer.status_code, answer.json()["users"][0]["discord_id"]) == (200, None)
