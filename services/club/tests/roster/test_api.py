"""Rosters over HTTP."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from chassis.testing import Scripted
from contracts.clubs import RosterChanged

MEMBERS = "/club/members"


def line(person, role="member"):
    return {"user": {"user_id": str(person.user_id)}, "role": role}


def met(body):
    """What identity answers: everybody is made."""
    blank = {"handle": None, "avatar_url": None, "version": 1}
    named = [user | {"display_name": f"No. {user['discord_id']}"} for user in body["users"]]
    return {"users": [blank | {"user_id": str(uuid4())} | each for each in named]}


def people_asked_for(identity):
    return [user["discord_id"] for _, body in identity.asked for user in body["users"]]


@pytest.fixture
def listed(ask):
    async def read(path=MEMBERS, by=None):
        items = (await ask("GET", path, by=by)).json()["items"]
        return {each["user"]["display_name"]: each["role"] for each in items}

    return read


async def test_until_a_roster_is_sent_members_are_everyone_seen(listed, club_of):
    await club_of("Ida", "Ben")
    assert await listed() == {"Ida": "member", "Ben": "member"}


async def test_a_roster_replaces_the_one_before(ask, listed, club_of):
    ida, ben, cam = await club_of("Ida", "Ben", "Cam")
    answer = await ask("PUT", MEMBERS, {"members": [line(ida, "host"), line(ben)]})
    assert (answer.status_code, answer.json()) == (200, {"members": 2, "hosts": 1})
    assert await listed() == {"Ida": "host", "Ben": "member"}
    await ask("PUT", MEMBERS, {"members": [line(ben, "host"), line(cam)]})
    assert await listed() == {"Ben": "host", "Cam": "member"}
    await ask("PUT", MEMBERS, {"members": []})
    assert await listed() == {}


async def test_a_roster_is_announced_whole_and_the_same_again_is_not(stage, ask, club_of, announced):
    ida, ben = await club_of("Ida", "Ben")
    for members in ([line(ida, "host"), line(ben)], [line(ben), line(ida, "host")], [line(ida)]):
        await ask("PUT", MEMBERS, {"members": members})
    first, second = await announced(RosterChanged)
    assert {each.user_id: each.role for each in first.members} == {ida.user_id: "host", ben.user_id: "member"}
    assert [each.user_id for each in second.members] == [ida.user_id]
    assert second.version > first.version
    announcer = stage.app.state.announcers["roster"]
    async with stage.db.transaction() as tx:
        clubs = (await tx.scalars(select(announcer.root))).all()
        assert await announcer.state(tx, clubs) == [second]


async def test_people_never_seen_are_made_and_known_ones_are_not_asked_for(stage, ask, listed, club_of):
    (ida,) = await club_of("Ida")

    identity = stage.app.state.neighbours["identity"] = Scripted({"POST /internal/users/meet": met})
    seen = [{"user": {"discord_id": ida.discord_id}}, *({"user": {"discord_id": str(each)}} for each in range(1, 21))]
    assert (await ask("PUT", MEMBERS, {"members": seen})).json() == {"members": 21, "hosts": 0}
    assert len(people_asked_for(identity)) == 20
    assert {"Ida", "No. 1", "No. 20"} <= set(await listed())
    await ask("PUT", MEMBERS, {"members": seen})
    assert len(people_asked_for(identity)) == 20


async def test_of_hundreds_of_strangers_each_is_asked_for_once_however_often_they_are_named(stage, ask, listed):
    identity = stage.app.state.neighbours["identity"] = Scripted({"POST /internal/users/meet": met})
    new = [{"user": {"discord_id": str(each)}} for each in range(1, 451)]
    assert (await ask("PUT", MEMBERS, {"members": [*new, *new]})).json() == {"members": 450, "hosts": 0}
    assert sorted(people_asked_for(identity), key=int) == [str(each) for each in range(1, 451)]
    assert len(await listed(f"{MEMBERS}?limit=100")) == 100


async def test_a_roster_with_somebody_who_is_nobody_changes_nothing(stage, ask, club_of, refusal):
    (ida,) = await club_of("Ida")
    await ask("PUT", MEMBERS, {"members": [line(ida)]})
    stage.app.state.neighbours["identity"] = Scripted({"POST /internal/users/meet": {"users": [None]}})
    nobody = {"user": {"user_id": str(uuid4())}}
    assert refusal(await ask("PUT", MEMBERS, {"members": [line(ida, "host"), nobody]})) == (404, "no_such_member")
    assert [each["role"] for each in (await ask("GET", MEMBERS)).json()["items"]] == ["member"]


async def test_only_hosts_send_a_roster(ask, sign, club_of, refusal, listed):
    ida, ben = await club_of("Ida", "Ben")
    body = {"members": [line(ida, "host")]}
    for by, status, code in [
        (sign("anonymous"), 401, "unauthenticated"),
        (sign("user", str(ida.user_id)), 403, "hosts_only"),
        (sign("worker"), 403, "hosts_only"),
    ]:
        assert refusal(await ask("PUT", MEMBERS, body, by)) == (status, code)
    await ask("PUT", MEMBERS, body)
    more = {"members": [line(ida, "host"), line(ben)]}
    assert (await ask("PUT", MEMBERS, more, sign("user", str(ida.user_id)))).status_code == 200
    assert await listed(by=sign("anonymous")) == {"Ida": "host", "Ben": "member"}


async def test_a_host_of_one_club_is_a_stranger_in_another(ask, sign, club_of, refusal):
    (ida,) = await club_of("Ida")
    await ask("PUT", "/clubs/blue-notes", {}, by=sign("admin"))
    await ask("PUT", "/clubs/blue-notes/members", {"members": [line(ida, "host")]})
    host = sign("user", str(ida.user_id))
    theirs = await ask("POST", "/clubs/blue-notes/weeks", {"number": 1, "phase": "draft"}, host)
    assert theirs.status_code == 201
    assert (await ask("PATCH", f"/club/weeks/{theirs.json()['id']}", {"label": "x"}, host)).status_code == 200
    assert refusal(await ask("POST", "/club/weeks", {"number": 1}, host)) == (403, "hosts_only")


async def test_without_a_roster_another_clubs_members_are_those_who_took_part(ask, sign, listed, club_of, record):
    ida, _ = await club_of("Ida", "Ben")
    await ask("PUT", "/clubs/blue-notes", {}, by=sign("admin"))
    week = (await ask("POST", "/clubs/blue-notes/weeks", {"number": 1})).json()["id"]
    blue = await record("Blue")
    said = {"user": line(ida)["user"], "album": {"album_id": str(blue.album_id)}}
    await ask("POST", f"/clubs/blue-notes/weeks/{week}/nominations", said)
    assert await listed("/clubs/blue-notes/members") == {"Ida": "member"}


async def test_members_are_listed_page_by_page_and_without_discord_ids_for_strangers(ask, sign, club_of):
    await club_of("Ida", "Ben", "Cam")
    page = (await ask("GET", f"{MEMBERS}?limit=2", by=sign("anonymous"))).json()
    rest = (await ask("GET", f"{MEMBERS}?limit=2&cursor={page['next_cursor']}")).json()
    assert [len(each["items"]) for each in (page, rest)] == [2, 1]
    assert [each["user"]["discord_id"] for each in page["items"]] == [None, None]
    assert rest["items"][0]["user"]["discord_id"]


@pytest.mark.parametrize(
    "members",
    [None, [{}], [{"user": {}}], [{"user": {"discord_id": "1"}, "role": "king"}], [{"user": {"user_id": "x"}}]],
)
async def test_what_is_no_roster_is_refused(ask, refusal, members):
    assert refusal(await ask("PUT", MEMBERS, {"members": members})) == (422, "invalid")
