"""An export of oneself, as the other services' answers come in."""

import json
from datetime import timedelta
from itertools import permutations
from uuid import uuid4

import pytest
from sqlalchemy import func, select, update

from chassis.testing import mentions
from contracts.exports import ClubExportGathered, ExportRequested, ListeningExportGathered, TasteExportGathered
from contracts.listening import AlbumCompleted
from identity.exports import store
from identity.models import Export, ExportPart

OTHERS = {"club": ClubExportGathered, "listening": ListeningExportGathered, "taste": TasteExportGathered}


@pytest.fixture
async def wren(person):
    return await person("Wren", handle="wren", bio="All of Joni.")


@pytest.fixture
def asking(client, me):
    """`await asking(wren)`: the answer to whoever asks for an export."""

    async def post(who):
        return await client.post("/users/me/export", headers=me(who))

    return post


@pytest.fixture
def archive(client, me):
    async def get(who):
        return await client.get("/users/me/export/archive", headers=me(who))

    return get


def part(service, asked, number=0, *, last=True, **sections):
    about = {"export_id": asked.export_id, "user_id": asked.user_id, "version": 1}
    return OTHERS[service](number=number, last=last, sections=sections, **about)


@pytest.fixture
def answered(deliver, announced):
    """`await answered()`: every other service has told what it keeps, which is nothing."""

    async def tell(*but):
        asked = (await announced(ExportRequested))[-1]
        for service in OTHERS.keys() - {*but}:
            await deliver(part(service, asked))
        return asked

    return tell


async def test_who_asks_is_told_which_services_are_waited_for(wren, asking, announced, client, me):
    answer = await asking(wren)
    assert (answer.status_code, answer.headers["cache-control"]) == (202, "no-store")
    job = answer.json()
    assert job["state"] == "gathering"
    assert job["services"] == {"identity": "gathered"} | dict.fromkeys(OTHERS, "waiting")
    (asked,) = await announced(ExportRequested)
    assert (str(asked.export_id), asked.user_id, asked.aliases) == (job["id"], wren.id, [])
    assert (await client.get("/users/me/export", headers=me(wren))).json() == job
    assert (await asking(wren)).json() == job
    assert len(await announced(ExportRequested)) == 1


@pytest.mark.parametrize("order", [*permutations(OTHERS)])
async def test_it_is_ready_once_the_last_service_has_told_its_last_part(
    wren, asking, announced, deliver, client, me, order
):
    await asking(wren)
    (asked,) = await announced(ExportRequested)

    async def state():
        return (await client.get("/users/me/export", headers=me(wren))).json()["state"]

    for service in order:
        assert await state() == "gathering"
        for number, last in ((2, True), (0, False), (0, False), (1, False)):
            assert await state() == "gathering"
            await deliver(part(service, asked, number, last=last))
    assert await state() == "ready"


async def test_the_archive_is_all_parts_in_their_order(wren, asking, deliver, archive, answered):
    await asking(wren)
    asked = await answered("club")
    parts = [
        part("club", asked, 0, last=False, nominations=[{"pitch": "One “quoted” \n line"}], ratings=[{"rating": 4}]),
        part("club", asked, 1, last=False, ratings=[{"rating": 5}]),
        part("club", asked, 2, last=False, ratings=[], diary=[]),
        part("club", asked, 3, diary=[{"at": "2025"}], bars=[]),
    ]
    for each in reversed(parts):
        await deliver(each)
    answer = await archive(wren)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert answer.headers["content-disposition"] == 'attachment; filename="sidetrack-export.json"'
    told = json.loads(answer.content)
    assert (told["format"], told["version"]) == ("sidetrack-export", 1)
    assert told["user"] == {"id": str(wren.id), "display_name": "Wren", "handle": "wren"}
    assert told["club"] == {
        "nominations": [{"pitch": "One “quoted” \n line"}],
        "ratings": [{"rating": 4}, {"rating": 5}],
        "diary": [{"at": "2025"}],
        "bars": [],
    }
    assert (told["listening"], told["taste"]) == ({}, {})
    assert told["identity"]["profile"][0]["bio"] == "All of Joni."


async def test_what_they_listened_to_as_the_feed_tells_it_is_in_it(wren, asking, answered, deliver, archive):
    heard = AlbumCompleted(
        version=1, user_id=wren.id, album_id=uuid4(), completed_at="2025-11-24T12:00:00Z", in_order=True
    )
    await deliver(heard)
    await asking(wren)
    await answered()
    (item,) = json.loads((await archive(wren)).content)["identity"]["activity"]
    assert (item["kind"], item["album_id"]) == ("listened", str(heard.album_id))


async def test_what_opens_something_is_not_in_it(
    register, principal, me, client, archive, asking, answered, visit, announced
):
    made = await register("wren")
    secret = made.headers["set-cookie"].partition("=")[2].partition(";")[0]
    browser = me(await principal(session=secret))
    key = (await client.post("/users/me/keys", json={"name": "A player"}, headers=browser)).json()
    grant = {
        "grant_type": "password",
        "handle": "wren",
        "password": "four words of one's own",
        "client_name": "A phone",
    }
    pair = (await visit("POST", "/auth/token", grant)).json()
    job = (await client.post("/users/me/export", headers=browser)).json()
    await answered()
    text = (await client.get("/users/me/export/archive", headers=browser)).text
    told = json.loads(text)["identity"]
    assert [each["method"] for each in told["sessions"]] == ["password"]
    assert [(each["id"], each["name"]) for each in told["keys"]] == [(key["id"], "A player")]
    assert [each["name"] for each in told["clients"]] == ["A phone"]
    for secret_ in (secret, key["key"], key["key"].rpartition("_")[2], pair["refresh_token"], "$argon2", job["id"]):
        assert secret_ not in text


async def test_what_there_is_not_or_not_yet_is_refused(wren, asking, archive, client, me, refused, answered, person):
    assert refused(await client.get("/users/me/export", headers=me(wren))) == (404, "no_export")
    assert refused(await archive(wren)) == (404, "no_export")
    await asking(wren)
    assert refused(await archive(wren)) == (409, "export_not_ready")
    await answered()
    assert (await archive(wren)).status_code == 200
    assert refused(await archive(await person("Ben"))) == (404, "no_export")


async def test_another_one_takes_its_place_an_hour_later(wren, asking, answered, refused, older, announced):
    first = (await asking(wren)).json()["id"]
    await answered()
    again = await asking(wren)
    assert refused(again) == (429, "export_too_soon")
    assert 3500 < int(again.headers["retry-after"]) <= 3600
    await older(hours=1)
    second = (await asking(wren)).json()
    assert (second["id"] != first, second["state"]) == (True, "gathering")
    assert len(await announced(ExportRequested)) == 2


@pytest.fixture
def older(stage):
    """`await older(hours=1)`: every export was asked for so much earlier."""

    async def make(**by):
        async with stage.db.transaction() as tx:
            asked = func.clock_timestamp() - timedelta(**by)
            await tx.execute(update(Export).values(requested_at=asked).execution_options(synchronize_session=False))

    return make


async def test_what_nobody_answered_within_a_day_failed_and_may_be_asked_for_again(
    wren, asking, answered, older, client, me, stage
):
    await asking(wren)
    await answered("taste")
    await older(hours=25)
    job = (await client.get("/users/me/export", headers=me(wren))).json()
    assert (job["state"], job["services"]["taste"], job["services"]["club"]) == ("failed", "waiting", "gathered")
    async with stage.db.transaction() as tx:
        await store.sweep(tx)
        assert (await tx.scalars(select(ExportPart))).all() == []
    assert (await asking(wren)).json()["id"] != job["id"]


async def test_what_is_ready_is_deleted_after_a_day(wren, asking, answered, older, archive, refused, stage):
    await asking(wren)
    await answered()
    await older(hours=24)
    assert refused(await archive(wren)) == (404, "no_export")
    async with stage.db.transaction() as tx:
        await store.sweep(tx)
        assert (await tx.scalars(select(Export))).all() == (await tx.scalars(select(ExportPart))).all() == []


async def test_parts_of_no_export_or_of_somebody_elses_are_not_kept(wren, asking, announced, deliver, person, stage):
    await asking(wren)
    (asked,) = await announced(ExportRequested)
    ben = await person("Ben")
    await deliver(part("club", asked.model_copy(update={"user_id": ben.id}), notes=[{"x": 1}]))
    await deliver(part("club", asked.model_copy(update={"export_id": uuid4()}), notes=[{"x": 1}]))
    async with stage.db.transaction() as tx:
        assert set(await tx.scalars(select(ExportPart.service))) == {"identity"}


async def test_an_export_goes_with_its_person(client, sign, asking, wren, announced, deliver, stage):
    await asking(wren)
    (asked,) = await announced(ExportRequested)
    await deliver(part("club", asked, ratings=[{"review": "All of Joni."}]))
    assert (await client.delete(f"/admin/users/{wren.id}", headers=sign("admin"))).status_code == 204
    await deliver(part("taste", asked))
    async with stage.db.transaction() as tx:
        assert await mentions(tx, str(wren.id), "All of Joni.", str(asked.export_id)) == set()


async def test_programs_and_strangers_have_no_export(client, sign, refused):
    for method, path in (("POST", ""), ("GET", ""), ("GET", "/archive")):
        for by, expected in (
            (sign(), (403, "for_people_only")),
            (sign("anonymous"), (401, "unauthenticated")),
            (sign("user", scopes=["listens:write"]), (403, "key_for_listens_only")),
        ):
            assert refused(await client.request(method, f"/users/me/export{path}", headers=by)) == expected
