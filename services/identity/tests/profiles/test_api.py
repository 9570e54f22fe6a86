"""Profiles over HTTP."""

import asyncio
from uuid import uuid4

import pytest
from sqlalchemy import select

from chassis.errors import Unavailable
from contracts.audit import IdentityAuditRecorded
from contracts.identity import UserChanged
from identity.models import User

DISCORD = "/users/discord/175928847299117063"


async def test_a_change_is_answered_kept_and_announced(person, change, read, announced):
    ida = await person("Ida")
    whole = {
        "handle": "Ida.B",
        "display_name": "Ida B.",
        "avatar_url": "https://cdn.example/i.png",
        "bio": "Mostly folk.",
        "timezone": "Europe/Berlin",
    }
    answer = (await change(ida, **whole)).json()
    assert answer.items() >= (whole | {"handle": "ida.b", "pending": []}).items()
    seen = (await read(f"/users/{ida.id}")).json()
    assert seen == {name: value for name, value in answer.items() if name != "pending"} | {"privacy": None}
    (event,) = await announced(UserChanged)
    assert (event.handle, event.display_name, event.version > ida.version) == ("ida.b", "Ida B.", True)
    (audited,) = await announced(IdentityAuditRecorded)
    assert (audited.entry.action, audited.entry.actor_id) == ("profile.changed", str(ida.id))
    assert audited.entry.after["bio"] == "Mostly folk."


async def test_what_is_left_out_stays_and_a_repeat_announces_nothing(person, change, announced):
    ida = await person("Ida", bio="Mostly folk.")
    for _ in range(2):
        assert (await change(ida, timezone="Asia/Tokyo")).json()["bio"] == "Mostly folk."
    assert (await change(ida)).status_code == 200
    assert len(await announced(UserChanged)) == 1


async def test_null_empties(person, change):
    ida = await person("Ida", handle="ida", bio="Mostly folk.", timezone="Asia/Tokyo")
    answer = (await change(ida, handle=None, bio=None, timezone=None, display_name=None)).json()
    assert (answer["handle"], answer["bio"], answer["timezone"], answer["display_name"]) == (None, None, None, "Ida")


async def test_a_person_is_found_by_their_handle_in_any_case(person, read):
    ida = await person("Ida", handle="ida.b")
    for address in ("@ida.b", "@Ida.B", str(ida.id)):
        assert (await read(f"/users/{address}")).json()["id"] == str(ida.id)
    for address in ("@ida", f"{uuid4()}"):
        assert (await read(f"/users/{address}")).json()["code"] == "no_such_user"
    for address in ("@", "@i", "ida", "@ida%00", "@i da", "%40" + "x" * 33):
        assert (await read(f"/users/{address}")).status_code == 422


async def test_me_is_whoever_is_signed_in(person, read, me, sign):
    ida = await person("Ida")
    assert (await read("/users/me", me(ida))).json()["privacy"] == {
        "listening": "public",
        "taste": "public",
        "ratings": "public",
    }
    assert (await read("/users/me")).status_code == 401
    assert (await read("/users/me", sign("bot"))).json()["code"] == "for_people_only"


@pytest.mark.parametrize(
    ("taken", "wished"),
    [("ida", "ida"), ("ida", "IDA"), ("oskar", "0skar"), ("bill", "b1ll"), ("ida.b", "ida_b"), ("mim", "rnim")],
)
async def test_a_handle_that_somebody_has_or_that_looks_like_theirs_is_refused(person, change, taken, wished):
    ida, ben = await person("Ida"), await person("Ben")
    assert (await change(ida, handle=taken)).status_code == 200
    refused = await change(ben, handle=wished)
    assert (refused.status_code, refused.json()["code"]) == (409, "handle_taken")
    assert (await change(ida, handle=taken)).status_code == 200


@pytest.mark.parametrize(
    ("handle", "code"),
    [
        ("me", "reserved_handle"),
        ("Admin", "reserved_handle"),
        ("\N{CYRILLIC SMALL LETTER A}da", "bad_handle"),
        ("\N{LATIN SMALL LETTER DOTLESS I}da", "bad_handle"),
        ("-ida", "bad_handle"),
        ("i da", "bad_handle"),
        ("i", "invalid"),
        ("x" * 33, "invalid"),
    ],
)
async def test_what_cannot_be_a_handle_is_refused(person, change, handle, code):
    refused = await change(await person("Ida"), handle=handle)
    assert (refused.status_code, refused.json()["code"]) == (422, code)


@pytest.mark.parametrize(
    "body",
    [
        {"bio": "x" * 501},
        {"bio": " "},
        {"timezone": "Mars/Base"},
        {"avatar_url": "javascript:alert(1)"},
        {"privacy": None},
        {"privacy": {"ratings": "friends"}},
        {"privacy": {"votes": "private"}},
        {"role": "admin"},
        {"handle_looks": "x"},
    ],
)
async def test_what_is_no_profile_is_refused(person, change, announced, body):
    assert (await change(await person("Ida"), **body)).status_code == 422
    assert await announced() == []


@pytest.mark.parametrize(
    ("caller", "code"),
    [
        ({"kind": "anonymous"}, "unauthenticated"),
        ({"kind": "bot"}, "for_people_only"),
        ({"kind": "admin"}, "for_people_only"),
        ({"kind": "user", "scopes": ["listens:write"]}, "key_for_listens_only"),
        ({"kind": "user"}, "no_such_user"),
    ],
)
async def test_only_people_change_their_profile(client, sign, caller, code):
    answer = await client.patch("/users/me", json={"bio": "x"}, headers=sign(**caller))
    assert answer.json()["code"] == code


async def test_a_name_and_picture_of_ones_own_stay_when_discord_tells_others(client, sign, change, announced):
    told = {"display_name": "Ida", "avatar_url": "https://cdn.example/discord.png"}
    met = (await client.put(DISCORD, json=told, headers=sign())).json()
    ida = User(id=met["id"])
    await change(ida, display_name="Ida the First")
    renamed = {"display_name": "Eda", "avatar_url": "https://cdn.example/new.png"}
    shown = (await client.put(DISCORD, json=renamed, headers=sign())).json()
    assert (shown["display_name"], shown["avatar_url"]) == ("Ida the First", "https://cdn.example/new.png")
    events = len(await announced(UserChanged))
    await client.post("/internal/users", json={"discord_id": met["discord_id"], **renamed}, headers=sign("service"))
    assert len(await announced(UserChanged)) == events
    await change(ida, display_name=None)
    assert (await client.put(DISCORD, json=renamed, headers=sign())).json()["display_name"] == "Eda"


async def test_privacy_is_announced_whole_and_shown_to_oneself_and_admins(person, change, read, me, sign, announced):
    ida = await person("Ida")
    shown = (await change(ida, privacy={"ratings": "members"})).json()["privacy"]
    assert shown == {"listening": "public", "taste": "public", "ratings": "members"}
    assert (await change(ida, privacy={"taste": "private"})).json()["privacy"] == shown | {"taste": "private"}
    assert (await announced(UserChanged))[-1].privacy.model_dump() == shown | {"taste": "private"}
    for by, sees in (
        (me(ida), True),
        (sign("admin"), True),
        (sign("user"), False),
        (sign("bot"), False),
        (None, False),
    ):
        assert ((await read(f"/users/{ida.id}", by)).json()["privacy"] is not None) is sees


async def test_who_shows_less_has_it_told_to_who_keeps_it_at_once(person, change, club, listening, taste, announced):
    ida = await person("Ida")
    assert (await change(ida, privacy={"ratings": "private"})).json()["pending"] == []
    keepers = ((club, "members"), (listening, "listeners"), (taste, "tasters"))
    for keeper, path in ((keeper, f"/internal/{whom}/privacy") for keeper, whom in keepers):
        ((call, told),) = keeper.asked
        assert call == f"POST {path}"
        assert UserChanged.model_validate(told) == (await announced(UserChanged))[-1]


async def test_who_shows_more_or_the_same_has_it_told_by_the_bus_alone(person, change, club):
    ida = await person("Ida", privacy={"ratings": "private"})
    await change(ida, privacy={"ratings": "private"}, bio="x")
    await change(ida, privacy={"ratings": "public"})
    assert club.asked == []


async def test_a_club_that_is_not_reached_is_pending_and_the_change_stands(person, change, club, read, me):
    club.answers["POST /internal/members/privacy"] = Unavailable()
    ida = await person("Ida")
    assert (await change(ida, privacy={"ratings": "private"})).json()["pending"] == ["club"]
    assert (await read("/users/me", me(ida))).json()["privacy"]["ratings"] == "private"


async def test_people_are_found_by_handle_and_name_the_very_one_first(person, read):
    for name, handle in (("Ida", "ida"), ("Idaho Joe", "joe"), ("Ben", "ben-ida"), ("Zoë Quartz", None)):
        await person(name, handle=handle)

    async def found(q):
        return [each["display_name"] for each in (await read(f"/users/search?q={q}")).json()["items"]]

    assert await found("IDA") == await found("@ida") == ["Ida", "Idaho Joe", "Ben"]
    assert await found("zoe") == ["Zoë Quartz"]
    assert await found("quarts") == ["Zoë Quartz"]
    assert await found("%25") == await found("%CC%81") == []


async def test_a_search_comes_in_pages_and_shows_discord_ids_to_programs_only(client, person, read, sign):
    await client.put(DISCORD, json={"display_name": "Ida 0"}, headers=sign())
    for number in range(1, 5):
        await person(f"Ida {number}")
    seen, cursor = [], ""
    while cursor is not None:
        page = (await read(f"/users/search?q=ida&limit=2{cursor and f'&cursor={cursor}'}")).json()
        seen += page["items"]
        cursor = page["next_cursor"]
    assert sorted(each["display_name"] for each in seen) == [f"Ida {number}" for number in range(5)]
    assert {each["discord_id"] for each in seen} == {None}
    (first, *_) = (await read("/users/search?q=ida%200", sign())).json()["items"]
    assert first["discord_id"] == "175928847299117063"


async def test_of_two_who_take_a_handle_at_once_one_has_it(start, app, sign, environment):
    async with start() as client:
        async with app.state.db.transaction() as tx:
            tx.add_all(people := [User(display_name=name) for name in ("Ida", "Ben", "Cleo", "Dan")])
        answers = await asyncio.gather(
            *(client.patch("/users/me", json={"handle": "wren"}, headers=sign("user", str(each.id))) for each in people)
        )
        async with app.state.db.transaction() as tx:
            handles = (await tx.scalars(select(User.handle).where(User.handle.is_not(None)))).all()
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    assert handles == ["wren"]
