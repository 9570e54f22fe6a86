"""Leaving over HTTP: who may, what is told of it, and what is kept."""

from uuid import UUID, uuid4

from sqlalchemy import select, text, update

from chassis.departures import Departure, digest_of
from contracts.audit import IdentityAuditRecorded
from contracts.ids import UserId
from contracts.leaving import UserDeleted
from contracts.nominations import NominationChanged
from contracts.phases import WeekChanged
from contracts.sessions import AccessRevoked
from identity.models import Activity, FailedLogins, Participant, User

SNOWFLAKE = "402196385170751498"
WEEK = {
    "version": 1,
    "number": 3,
    "label": "WEEK 003",
    "kind": "album",
    "phase": "open",
    "date_discussion": None,
    "deadlines": {},
    "winner_album_id": None,
    "winner_nomination_id": None,
}


async def test_who_leaves_is_signed_out_and_told_of_once(account, leave, principal, announced, visit):
    wren, browser = await account()
    answer = await leave(browser)
    assert (answer.status_code, answer.content) == (204, b"")
    assert 'sidetrack=""' in answer.headers["set-cookie"]
    (deleted,) = await announced(UserDeleted)
    assert (str(deleted.user_id), deleted.aliases) == (wren, [])
    assert deleted.former_id not in {deleted.user_id, UUID(int=0)}
    assert [str(each.user_id) for each in await announced(AccessRevoked) if each.credential is None] == [wren]
    login = {"handle": "wren", "password": "four words of one's own"}
    assert (await visit("POST", "/auth/login", login)).status_code == 401


async def test_nothing_of_somebody_is_kept_but_that_they_left(
    account, leave, named, meet, client, sign, stage, visit, principal
):
    # What the audit keeps for ever of tests that committed.
    before = await named("wren", "Wren")
    (wren, browser), oskar = await account(), await meet("311927640175575043")
    await client.post("/users/me/keys", json={"name": "Wren's player"}, headers=browser)
    await client.put(f"/users/{oskar}/follow", headers=browser)
    await client.patch("/users/me", json={"bio": "All of Joni."}, headers=browser)
    await visit("POST", "/auth/login", {"handle": "wren", "password": "nothing like it"})
    grant = {"grant_type": "password", "handle": "wren", "password": "four words of one's own"}
    pair = (await visit("POST", "/auth/token", grant)).json()
    ben = await meet("311927640175575099")
    await client.put(f"/users/{wren}/follow", headers=sign("user", ben))
    await client.put(f"/users/{oskar}/block", headers=browser)
    merge = {"from": await meet(SNOWFLAKE, display_name="Wren ♪"), "into": wren, "reason": "Wren is wren."}
    await client.post("/admin/users/merge", json=merge, headers=sign("admin"))
    words = (wren, merge["from"], SNOWFLAKE, "wren", "Wren", "All of Joni.")
    assert {word for _, word in await named(*words)} == {*words}

    assert (await leave(browser)).status_code == 204
    assert await named(*words) == before
    assert await principal(token=pair["access_token"]) is None
    async with stage.db.transaction() as tx:
        digests = set(await tx.scalars(select(Departure.digest)))
        assert list(await tx.scalars(select(FailedLogins.whom))) == ["address:203.0.113.7"]
    assert digests == {digest_of(UUID(each)) for each in (wren, merge["from"])}


async def test_what_they_did_is_told_as_somebody_formers_and_without_words(account, leave, client, announced, stage):
    _, browser = await account()
    await client.patch("/users/me", json={"bio": "All of Joni."}, headers=browser)
    await leave(browser)
    (deleted,) = await announced(UserDeleted)
    async with stage.db.transaction() as tx:
        entries = (await tx.execute(text("SELECT action, actor_id, subject_id, before, after FROM audit"))).all()
    told = {entry.action: entry for entry in entries}
    former = str(deleted.former_id)
    assert {told[each].subject_id for each in ("user.registered", "profile.changed", "user.deleted")} == {former}
    assert told["profile.changed"].actor_id == told["user.deleted"].actor_id == former
    assert told["profile.changed"].after == {"bio": None}
    assert told["user.registered"].after["user_id"] == former
    (kept,) = [each.entry for each in await announced(IdentityAuditRecorded) if each.entry.action == "user.deleted"]
    assert (kept.actor_id, kept.subject_id, kept.before, kept.after) == (former, former, None, None)


async def test_only_a_browser_that_has_just_signed_in_deletes_its_person(
    account, leave, older, me, sign, refused, visit, principal
):
    wren, browser = await account()
    for other in (sign("user", wren), sign("user", wren, credential=f"session:{uuid4()}")):
        assert refused(await leave(other)) == (403, "sign_in_again")
    grant = {"grant_type": "password", "handle": "wren", "password": "four words of one's own"}
    pair = (await visit("POST", "/auth/token", grant)).json()
    assert refused(await leave(me(await principal(token=pair["access_token"])))) == (403, "sign_in_again")
    await older(minutes=10, seconds=1)
    assert refused(await leave(browser)) == (403, "sign_in_again")
    await older(minutes=9)
    assert (await leave(browser)).status_code == 204


async def test_programs_and_strangers_delete_nobody(leave, remove, sign, refused, meet):
    assert refused(await leave(sign())) == (403, "for_people_only")
    assert refused(await leave(sign("admin"))) == (403, "for_people_only")
    assert refused(await leave(sign("anonymous"))) == (401, "unauthenticated")
    assert refused(await leave(sign("user", scopes=["listens:write"]))) == (403, "key_for_listens_only")
    ida = await meet("1")
    assert refused(await remove(ida, sign())) == (403, "only_admins")
    assert refused(await remove(ida, sign("user"))) == (403, "only_admins")
    assert refused(await remove(ida, sign("anonymous"))) == (401, "unauthenticated")


async def test_an_admin_deletes_somebody_of_discord_by_any_of_their_ids(
    remove, meet, client, sign, named, announced, refused
):
    ida, eda = await meet("275928847299117063", display_name="Ottoline"), await meet("275928847299117999")
    merge = {"from": eda, "into": ida, "reason": "Both are Ottoline."}
    await client.post("/admin/users/merge", json=merge, headers=sign("admin"))
    assert (await remove(eda, reason="Ottoline (275928847299117063) asked us to.")).status_code == 204
    assert await named(ida, eda, "275928847299117063", "275928847299117999", "Ottoline") == set()
    (deleted,) = await announced(UserDeleted)
    assert (str(deleted.user_id), [str(each) for each in deleted.aliases]) == (ida, [eda])
    kept = [each.entry for each in await announced(IdentityAuditRecorded) if each.entry.action == "user.deleted"]
    assert [each.reason for each in kept] == ["… (…) asked us to."]
    assert (await client.get(f"/users/{ida}", headers=sign())).status_code == 404
    assert refused(await remove(str(uuid4()))) == (404, "no_such_user")


async def test_deleting_again_changes_nothing_and_tells_it_once_more(remove, meet, announced, named):
    ida = await meet("1")
    assert [(await remove(ida)).status_code for _ in range(3)] == [204, 204, 204]
    told = await announced(UserDeleted)
    assert [str(each.user_id) for each in told] == [ida] * 3
    assert len({each.former_id for each in told}) == 3
    assert len([each for each in await announced(IdentityAuditRecorded) if each.entry.action == "user.deleted"]) == 1
    assert await named(ida) == set()


async def test_whom_a_bot_names_by_the_same_discord_id_is_somebody_new(remove, meet):
    ida = await meet(SNOWFLAKE, display_name="Ida")
    await remove(ida)
    assert await meet(SNOWFLAKE, display_name="Ida") != ida


async def test_a_handle_is_free_again(account, leave, register):
    _, browser = await account("wren")
    assert (await register("wren")).status_code == 409
    await leave(browser)
    assert (await register("wren")).status_code == 201


async def test_the_last_admin_who_can_sign_in_stays(account, leave, remove, stage, refused):
    (wren, browser), (oskar, _) = await account("wren"), await account("oskar")
    await promote(stage, wren)
    assert refused(await leave(browser)) == refused(await remove(wren)) == (409, "last_admin")
    await promote(stage, oskar)
    assert (await leave(browser)).status_code == 204
    assert refused(await remove(oskar)) == (409, "last_admin")


async def promote(stage, user_id):
    async with stage.db.transaction() as tx:
        await tx.execute(update(User).where(User.id == user_id).values(role="admin"))


async def test_what_is_still_asked_as_somebody_who_left_is_refused(account, leave, client, refused):
    _, browser = await account()
    await leave(browser)
    for method, path, body in (
        ("POST", "/users/me/keys", {"name": "A player"}),
        ("PUT", f"/users/{uuid4()}/follow", None),
        ("DELETE", "/users/me/sessions", None),
    ):
        answer = await client.request(method, path, json=body, headers=browser | {"Idempotency-Key": "1"})
        assert refused(answer) == (401, "account_deleted")


async def test_what_the_club_tells_late_brings_nobody_back(remove, meet, deliver, stage, rated):
    ida, ben = UserId(UUID(await meet("1"))), UserId(UUID(await meet("2")))
    week_id, club_id = uuid4(), uuid4()
    nominated = NominationChanged(
        nomination_id=uuid4(),
        version=5,
        week_id=week_id,
        club_id=club_id,
        album_id=uuid4(),
        user_ids=[ida, ben],
        code="A1",
        pitch=None,
        pitch_track_url=None,
        tags=dict.fromkeys(("genre", "decade", "country")),
        withdrawn=False,
        created_at="2025-11-24T12:00:00Z",
    )
    week = WeekChanged.model_validate(WEEK | {"week_id": week_id, "club_id": club_id})
    told = [rated(ida, week_id, 1), nominated, week, rated(ida, week_id, 2), nominated]
    for event in told[:2]:
        await deliver(event)
    await remove(ida)
    for event in told:
        await deliver(event)
    async with stage.db.transaction() as tx:
        assert set(await tx.scalars(select(Activity.user_id))) == {ben}
        assert set(await tx.scalars(select(Participant.user_id))) == {ben}


async def test_what_listening_tells_late_brings_nobody_back(
    remove, meet, deliver, stage, completed, client, sign, named
):
    ida, eda, ben = [UserId(UUID(await meet(each))) for each in ("1", "2", "3")]
    merge = {"from": str(eda), "into": str(ida), "reason": "Both are Ida."}
    told = [completed(each) for each in (ida, eda, ben)]
    for event in told:
        await deliver(event)
    await client.post("/admin/users/merge", json=merge, headers=sign("admin"))
    await remove(str(ida))
    for event in (*told, completed(ida, 2), completed(eda, 2)):
        await deliver(event)
    async with stage.db.transaction() as tx:
        assert set(await tx.scalars(select(Activity.user_id))) == {ben}
    assert await named(str(ida), str(eda)) == set()


async def test_who_left_is_not_adopted_again(remove, meet, client, sign):
    ida, ben = await meet("1"), await meet("2")
    await remove(ida)
    again = await meet("1")
    people = [{"id": each, "display_name": "Ida", "discord_id": number} for each, number in ((ida, "1"), (ben, "2"))]
    answer = await client.post("/internal/users/adopt", json={"users": people}, headers=sign("service"))
    assert [each["user_id"] for each in answer.json()["users"]] == [ben]
    assert await meet("1") == again != ida
