"""Nominating and withdrawing over HTTP."""

from uuid import uuid4

import pytest
from sqlalchemy import func, select, text, update

from club.models import Nomination, Week

REF = {"provider": "discord", "kind": "message", "id": "1442", "guild_id": None}
SAID = {
    "pitch": "A river to skate away on.",
    "pitch_track_url": "https://open.spotify.com/track/5OQsiBsky2k2kDKy2bX2eT",
    "tags": {"genre": "folk", "decade": "1970s", "country": "Canada"},
    "ref": REF,
}


def refusal(answer):
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"].endswith(".")
    return answer.status_code, answer.json()["code"]


async def written(stage):
    async with stage.db.transaction() as tx:
        return await tx.scalar(select(func.count()).select_from(Nomination))


async def state(stage):
    """Which row versions there are: a write, even of the same, makes a new one."""
    async with stage.db.transaction() as tx:
        return (await tx.execute(text("SELECT ctid, * FROM nominations"))).all()


async def win(stage, week, nomination_id):
    async with stage.db.transaction() as tx:
        await tx.execute(update(Week).where(Week.id == week).values(winner_nomination_id=nomination_id))


async def test_a_nomination_is_told_whole(nominate, listed, club_of, record, a_week):
    (ida,), blue, week = await club_of("Ida"), await record("Blue"), await a_week()
    answer = await nominate(week, ida, blue, **SAID)
    told = answer.json()
    assert answer.status_code == 201
    assert {name: told[name] for name in SAID} == SAID
    assert (told["week_id"], told["album"]["title"]) == (str(week), "Blue")
    assert (told["nominator"]["display_name"], told["nominator"]["discord_id"]) == ("Ida", ida.discord_id)
    assert await listed(week) == [told]


async def test_the_same_again_is_the_same_nomination_and_writes_nothing(stage, nominate, club_of, record, a_week):
    (ida,), blue, week = await club_of("Ida"), await record("Blue"), await a_week()
    first = await nominate(week, ida, blue, **SAID)
    before = await state(stage)
    again = await nominate(week, ida, blue, **SAID)
    assert (again.status_code, again.json()) == (200, first.json())
    assert await state(stage) == before


async def test_a_repeat_sets_only_what_it_carries_tag_by_tag(nominate, club_of, record, a_week):
    (ida,), blue, week = await club_of("Ida"), await record("Blue"), await a_week()
    first = (await nominate(week, ida, blue, **SAID)).json()
    again = await nominate(week, ida, blue, tags={"genre": "singer-songwriter", "decade": None}, pitch=None)
    expected = first | {"tags": SAID["tags"] | {"genre": "singer-songwriter"}}
    told = again.json()
    assert again.status_code == 200
    assert told | {"updated_at": None} == expected | {"updated_at": None}


async def test_one_album_may_have_two_nominators_and_the_oldest_stands_first(nominate, listed, club_of, record, a_week):
    (ida, ben), blue, week = await club_of("Ida", "Ben"), await record("Blue"), await a_week()
    for person in (ida, ben):
        assert (await nominate(week, person, blue)).status_code == 201
    assert [each["nominator"]["display_name"] for each in await listed(week)] == ["Ida", "Ben"]


async def test_a_member_nominates_for_themself_and_sees_no_discord_id(client, sign, listed, club_of, record, a_week):
    (ida,), blue, week = await club_of("Ida"), await record("Blue"), await a_week()
    headers = sign("user", str(ida.user_id))
    body = {"album": {"album_id": str(blue.album_id)}}
    answer = await client.post(f"/club/weeks/{week}/nominations", json=body, headers=headers)
    assert answer.status_code == 201
    assert answer.json()["nominator"] == {
        "id": str(ida.user_id),
        "display_name": "Ida",
        "handle": "ida",
        "avatar_url": ida.avatar_url,
        "discord_id": None,
    }
    assert [each["nominator"]["discord_id"] for each in await listed(week, sign("anonymous"))] == [None]
    by_discord = body | {"user": {"discord_id": ida.discord_id}}
    same = await client.post(f"/club/weeks/{week}/nominations", json=by_discord, headers=headers)
    assert same.status_code == 200


async def test_who_may_not_speak_for_a_member_is_refused(stage, client, sign, club_of, record, a_week):
    (ida, ben), blue, week = await club_of("Ida", "Ben"), await record("Blue"), await a_week()
    album = {"album_id": str(blue.album_id)}
    named, by_discord = {"user_id": str(ida.user_id)}, {"discord_id": ida.discord_id}
    cases = [
        (sign("anonymous"), named, 401, "unauthenticated"),
        (sign("user", str(ben.user_id)), named, 403, "only_for_yourself"),
        (sign("user", str(ben.user_id)), by_discord, 403, "only_for_yourself"),
        (sign("worker"), named, 403, "key_too_weak"),
        (sign("bot", scopes=()), named, 403, "key_too_weak"),
        (sign(), None, 422, "nobody_named"),
    ]
    for headers, user, *expected in cases:
        body = {"user": user, "album": album}
        answer = await client.post(f"/club/weeks/{week}/nominations", json=body, headers=headers)
        assert refusal(answer) == tuple(expected)
    assert (await client.post(f"/club/weeks/{week}/nominations", json={"album": album})).status_code == 401
    assert await written(stage) == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"pitch": "\0"},
        {"pitch": "x" * 4001},
        {"tags": {"mood": "blue"}},
        {"tags": {"genre": " "}},
        {"pitch_track_url": "javascript:alert(1)"},
        {"ref": {"kind": "message", "id": 7}},
        {"album": {}},
        {"user": {"discord_id": "7", "user_id": str(uuid4())}},
    ],
)
async def test_what_cannot_be_is_refused_with_a_problem(stage, nominate, club_of, record, a_week, wrong):
    (ida,), blue, week = await club_of("Ida"), await record("Blue"), await a_week()
    assert refusal(await nominate(week, ida, blue, **wrong)) == (422, "invalid")
    assert await written(stage) == 0


async def test_a_week_that_is_not_there_takes_no_nominations_and_lists_none(
    stage, nominate, client, sign, club_of, record
):
    (ida,), blue = await club_of("Ida"), await record("Blue")
    assert refusal(await nominate(uuid4(), ida, blue)) == (404, "no_such_week")
    listing = await client.get(f"/club/weeks/{uuid4()}/nominations", headers=sign())
    assert refusal(listing) == (404, "no_such_week")
    assert await written(stage) == 0


async def test_an_unchanged_listing_is_not_sent_twice(client, sign, nominate, club_of, record, a_week):
    (ida,), blue, week = await club_of("Ida"), await record("Blue"), await a_week()
    await nominate(week, ida, blue)
    first = await client.get(f"/club/weeks/{week}/nominations", headers=sign())
    assert first.json()["next_cursor"] is None
    known = sign() | {"If-None-Match": first.headers["etag"]}
    assert (await client.get(f"/club/weeks/{week}/nominations", headers=known)).status_code == 304


@pytest.fixture
async def nominated(nominate, club_of, record, a_week):
    (ida, ben), blue, week = await club_of("Ida", "Ben"), await record("Blue"), await a_week()
    made = (await nominate(week, ida, blue, **SAID)).json()
    return week, ida, ben, blue, made


async def test_a_withdrawn_nomination_is_listed_no_more_and_comes_back_as_it_was(
    client, sign, nominate, listed, nominated
):
    week, ida, _, blue, made = nominated
    for _ in range(2):
        gone = await client.delete(f"/club/weeks/{week}/nominations/{made['id']}", headers=sign())
        assert (gone.status_code, gone.content) == (204, b"")
    assert await listed(week) == []
    again = await nominate(week, ida, blue)
    assert again.status_code == 200
    assert again.json() | {"updated_at": None} == made | {"updated_at": None}
    assert [each["id"] for each in await listed(week)] == [made["id"]]


async def test_the_nominator_withdraws_their_own_and_nobody_elses(client, sign, listed, nominated):
    week, ida, ben, _, made = nominated
    place = f"/club/weeks/{week}/nominations/{made['id']}"
    for headers, *expected in [
        (sign("anonymous"), 401, "unauthenticated"),
        (sign("user", str(ben.user_id)), 403, "only_for_yourself"),
        (sign("worker"), 403, "only_for_yourself"),
    ]:
        assert refusal(await client.delete(place, headers=headers)) == tuple(expected)
    assert len(await listed(week)) == 1
    assert (await client.delete(place, headers=sign("user", str(ida.user_id)))).status_code == 204
    assert await listed(week) == []


async def test_the_winner_of_a_week_cannot_be_withdrawn(stage, client, sign, listed, nominated):
    week, *_, made = nominated
    await win(stage, week, made["id"])
    gone = await client.delete(f"/club/weeks/{week}/nominations/{made['id']}", headers=sign())
    assert refusal(gone) == (409, "winner_stays")
    assert len(await listed(week)) == 1


async def test_only_a_nomination_of_this_week_can_be_withdrawn(client, sign, listed, nominated, a_week):
    week, *_, made = nominated
    other = await a_week(4)
    for place in (f"{week}/nominations/{uuid4()}", f"{other}/nominations/{made['id']}"):
        assert refusal(await client.delete(f"/club/weeks/{place}", headers=sign())) == (404, "not_nominated")
    unknown = await client.delete(f"/club/weeks/{uuid4()}/nominations/{made['id']}", headers=sign())
    assert refusal(unknown) == (404, "no_such_week")
    assert len(await listed(week)) == 1


async def test_an_idempotency_key_repeats_the_first_answer(client, sign, club_of, record, a_week):
    (ida,), blue, week = await club_of("Ida"), await record("Blue"), await a_week()
    headers = sign() | {"Idempotency-Key": "once"}
    body = {"user": {"user_id": str(ida.user_id)}, "album": {"album_id": str(blue.album_id)}}
    answers = [await client.post(f"/club/weeks/{week}/nominations", json=body, headers=headers) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    other = await client.post(f"/club/weeks/{week}/nominations", json=body | {"pitch": "!"}, headers=headers)
    assert refusal(other) == (409, "idempotency_key_reused")
