"""Nominating over HTTP."""

from uuid import uuid4

import pytest
from sqlalchemy import func, select, text

from club.models import Nomination

REF = {"provider": "discord", "kind": "message", "id": "1442", "guild_id": None}
SAID = {
    "pitch": "A river to skate away on.",
    "pitch_track_url": "https://open.spotify.com/track/5OQsiBsky2k2kDKy2bX2eT",
    "tags": {"genre": "folk", "decade": "1970s", "country": "Canada"},
    "ref": REF,
}


async def written(stage):
    async with stage.db.transaction() as tx:
        return await tx.scalar(select(func.count()).select_from(Nomination))


async def state(stage):
    """Which row versions there are: a write, even of the same, makes a new one."""
    async with stage.db.transaction() as tx:
        return (await tx.execute(text("SELECT ctid, * FROM nominations"))).all()


async def test_a_nomination_is_told_whole(nominate, listed, scene):
    week, ida, _, blue = scene
    answer = await nominate(week, ida, blue, **SAID)
    told = answer.json()
    assert answer.status_code == 201
    assert {name: told[name] for name in SAID} == SAID
    assert (told["week_id"], told["album"]["title"]) == (str(week), "Blue")
    assert (told["nominator"]["display_name"], told["nominator"]["discord_id"]) == ("Ida", ida.discord_id)
    assert await listed(week) == [told]


async def test_the_same_again_is_the_same_nomination_and_writes_nothing(stage, nominate, scene):
    week, ida, _, blue = scene
    first = await nominate(week, ida, blue, **SAID)
    before = await state(stage)
    again = await nominate(week, ida, blue, **SAID)
    assert (again.status_code, again.json()) == (200, first.json())
    assert await state(stage) == before


async def test_a_repeat_sets_only_what_it_carries_tag_by_tag(nominate, scene):
    week, ida, _, blue = scene
    first = (await nominate(week, ida, blue, **SAID)).json()
    again = await nominate(week, ida, blue, tags={"genre": "singer-songwriter", "decade": None}, pitch=None)
    expected = first | {"tags": SAID["tags"] | {"genre": "singer-songwriter"}}
    told = again.json()
    assert again.status_code == 200
    assert told | {"updated_at": None} == expected | {"updated_at": None}


async def test_the_oldest_nomination_stands_first(nominate, listed, scene, record):
    week, ida, ben, blue = scene
    for person, album in ((ida, blue), (ben, await record("Hejira"))):
        assert (await nominate(week, person, album)).status_code == 201
    assert [each["nominator"]["display_name"] for each in await listed(week)] == ["Ida", "Ben"]


async def test_nominations_come_in_pages_oldest_first(ask, nominate, scene, record, rules, refusal):
    week, ida, *_ = scene
    await rules(nominations_per_member=25)
    place, titles = f"/club/weeks/{week}/nominations", [f"Volume {number}" for number in range(5)]
    for title in titles:
        await nominate(week, ida, await record(title))
    await ask("DELETE", f"{place}/{(await ask('GET', place)).json()['items'].pop(1)['id']}")
    pages, cursor = [], ""
    while cursor is not None:
        page = (await ask("GET", f"{place}?limit=2{cursor and '&cursor=' + cursor}")).json()
        pages.append([each["album"]["title"] for each in page["items"]])
        cursor = page["next_cursor"]
    assert pages == [["Volume 0", "Volume 2"], ["Volume 3", "Volume 4"]]
    for wrong in ("limit=0", "limit=101", "cursor=x"):
        assert refusal(await ask("GET", f"{place}?{wrong}"))[0] == 422


async def test_without_a_limit_a_page_holds_as_many_as_a_select_on_discord(
    ask, nominate, club_of, scene, record, rules
):
    week, *_ = scene
    for number, person in enumerate(await club_of(*(f"Member {number}" for number in range(27)))):
        await nominate(week, person, await record(f"Volume {number}"))
    first = (await ask("GET", f"/club/weeks/{week}/nominations")).json()
    last = (await ask("GET", f"/club/weeks/{week}/nominations?cursor={first['next_cursor']}")).json()
    codes = [[each["code"] for each in page["items"]] for page in (first, last)]
    assert codes == [[f"A{number}" for number in range(1, 26)], ["B1", "B2"]]
    assert last["next_cursor"] is None


async def test_a_member_nominates_for_themself_and_sees_no_discord_id(ask, sign, listed, scene):
    week, ida, _, blue = scene
    headers = sign("user", str(ida.user_id))
    body = {"album": {"album_id": str(blue.album_id)}}
    answer = await ask("POST", f"/club/weeks/{week}/nominations", body, headers)
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
    same = await ask("POST", f"/club/weeks/{week}/nominations", by_discord, headers)
    assert same.status_code == 200


async def test_who_may_not_speak_for_a_member_is_refused(stage, ask, sign, scene, refusal):
    week, ida, ben, blue = scene
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
        answer = await ask("POST", f"/club/weeks/{week}/nominations", body, headers)
        assert refusal(answer) == tuple(expected)
    assert (await ask("POST", f"/club/weeks/{week}/nominations", {"album": album}, by={})).status_code == 401
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
async def test_what_cannot_be_is_refused_with_a_problem(stage, nominate, scene, wrong, refusal):
    week, ida, _, blue = scene
    assert refusal(await nominate(week, ida, blue, **wrong)) == (422, "invalid")
    assert await written(stage) == 0


async def test_a_week_that_is_not_there_takes_no_nominations_and_lists_none(stage, nominate, scene, ask, refusal):
    _, ida, _, blue = scene
    assert refusal(await nominate(uuid4(), ida, blue)) == (404, "no_such_week")
    listing = await ask("GET", f"/club/weeks/{uuid4()}/nominations")
    assert refusal(listing) == (404, "no_such_week")
    assert await written(stage) == 0


async def test_an_unchanged_listing_is_not_sent_twice(ask, sign, nominate, scene):
    week, ida, _, blue = scene
    await nominate(week, ida, blue)
    first = await ask("GET", f"/club/weeks/{week}/nominations")
    assert first.json()["next_cursor"] is None
    known = sign() | {"If-None-Match": first.headers["etag"]}
    assert (await ask("GET", f"/club/weeks/{week}/nominations", by=known)).status_code == 304


async def test_an_idempotency_key_repeats_the_first_answer(ask, sign, scene, refusal):
    week, ida, _, blue = scene
    headers = sign() | {"Idempotency-Key": "once"}
    body = {"user": {"user_id": str(ida.user_id)}, "album": {"album_id": str(blue.album_id)}}
    answers = [await ask("POST", f"/club/weeks/{week}/nominations", body, headers) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    other = await ask("POST", f"/club/weeks/{week}/nominations", body | {"pitch": "!"}, headers)
    assert refusal(other) == (409, "idempotency_key_reused")


async def test_the_listing_takes_as_many_queries_for_one_nomination_as_for_many(
    nominate, listed, scene, record, queries
):
    week, ida, ben, blue = scene
    taken = []
    for person, album in ((ida, blue), (ben, blue), (ida, await record("Hejira"))):
        await nominate(week, person, album)
        before = len(queries)
        await listed(week)
        taken.append(len(queries) - before)
    assert taken == taken[:1] * 3
