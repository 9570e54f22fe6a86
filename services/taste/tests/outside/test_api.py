"""Who may tell of a taste, what becomes of it, and that it stands beside what is computed."""

from datetime import UTC, datetime, timedelta
from itertools import permutations
from uuid import uuid4

import pytest
from services.taste.tests.outside.telling_outside import ORIGIN, album_share, outside
from services.taste.tests.telling import BEN, IDA, day, named, track, user

from contracts.audit import TasteAuditRecorded
from contracts.exports import ExportRequested, TasteExportGathered
from contracts.identity import UserMerged
from contracts.leaving import UserDeleted
from contracts.merging import AlbumMerged
from taste.profiles.work import compute_due

WORKER = ("taste:write",)


@pytest.fixture
async def ida(deliver):
    """`await ida(taste=…)`: somebody who shows so much."""

    async def make(**privacy):
        await deliver(user(privacy=privacy))
        await deliver(user(BEN, "Ben"))

    return make


@pytest.fixture
def tell(client, sign):
    async def send(body=None, whose=IDA, kind="worker", scopes=WORKER, sub=None):
        headers = sign(kind, sub=sub, scopes=scopes)
        return await client.post(f"/users/{whose}/taste", json=body or outside(), headers=headers)

    return send


@pytest.fixture
def read(client, sign):
    async def answer(query=f"?origin={ORIGIN}", whose=IDA, kind="anonymous", sub=None):
        return await client.get(f"/users/{whose}/taste{query}", headers=sign(kind, sub=sub))

    return answer


async def test_what_a_worker_tells_is_kept_beside_what_is_computed(ida, tell, read, deliver, stage):
    await ida()
    await deliver(day(*(track(each, plays=20) for each in ("Joni Mitchell", "Daft Punk", "Can"))))
    await compute_due(stage.db)
    before = (await read("")).json()
    assert before["origins"] == ["computed"]
    answer = await tell()
    assert (answer.status_code, answer.json()["origin"]) == (201, ORIGIN)
    theirs, ours = (await read()).json(), (await read("")).json()
    assert [(each["name"], each["share"]) for each in theirs["genres"]] == [("folk", 0.7), ("trip hop", 0.3)]
    assert (theirs["computed_at"], theirs["origins"]) == ("2025-11-18T04:00:00Z", ["computed", ORIGIN])
    assert ours == before | {"origins": ["computed", ORIGIN]}
    assert (await read("?origin=computed")).json() == ours


async def test_the_newest_stays_in_whatever_order_and_however_often_they_are_told(ida, tell, read, deliver):
    states = [
        outside(at="2025-11-17T04:00:00Z", formula=9),
        outside(at="2025-11-18T04:00:00Z", formula=1, genres=[{"name": "old", "share": 1}]),
        outside(at="2025-11-18T04:00:00+00:00", formula=2, genres=[{"name": "new", "share": 1}]),
    ]
    for number, order in enumerate(permutations(states)):
        whose = uuid4()
        await deliver(user(whose, f"Somebody {number}"))
        for each in (*order, *order[:2]):
            assert (await tell(each, whose)).status_code in {200, 201}
        kept = (await read(whose=whose)).json()
        assert (kept["formula_version"], kept["genres"][0]["name"]) == (2, "new")


async def test_a_repeat_changes_nothing_and_is_in_the_audit_once(ida, tell, announced):
    await ida()
    later = outside(at="2025-11-19T04:00:00Z", formula=2)
    codes = [(await tell(each)).status_code for each in (outside(), outside(), later, outside())]
    assert codes == [201, 200, 201, 200]
    made, changed = [each.entry for each in await announced(TasteAuditRecorded)]
    assert (made.action, made.actor_kind, made.subject_id, made.before) == ("taste.told", "worker", str(IDA), None)
    assert (made.after["origin"], changed.before["formula_version"], changed.after["formula_version"]) == (ORIGIN, 1, 2)


async def test_workers_do_not_disturb_each_other(ida, tell, read):
    await ida()
    await tell()
    await tell(outside(origin="another", at="2020-01-01T00:00:00Z"))
    assert (await read()).json()["origins"] == ["computed", "another", ORIGIN]
    assert [(await read(f"?origin={each}")).status_code for each in ("another", "nobody-s")] == [200, 404]


@pytest.mark.parametrize(
    ("kind", "scopes", "code"),
    [
        ("anonymous", (), 401),
        ("user", (), 403),
        ("user", ("listens:write",), 403),
        ("bot", None, 403),
        ("worker", ("listens:write",), 403),
        ("service", (), 403),
        ("worker", WORKER, 201),
        ("admin", ("admin",), 201),
    ],
)
async def test_only_who_may_write_tastes_tells_of_one(ida, tell, read, kind, scopes, code):
    await ida()
    sub = str(IDA) if kind == "user" else "catalog" if kind == "service" else None
    assert (await tell(kind=kind, scopes=scopes, sub=sub)).status_code == code
    assert (await read()).status_code == (200 if code == 201 else 404)


async def test_nobody_has_no_taste_and_me_is_no_worker(ida, tell):
    await ida()
    answers = [await tell(whose=each) for each in ("@nobody", uuid4(), "me")]
    assert [each.status_code for each in answers] == [404, 404, 403]
    assert (await tell(whose="@ida")).status_code == 201


async def test_what_cannot_be_is_a_problem_that_names_the_place(ida, tell, read):
    await ida()
    answer = await tell(outside(genres=[{"name": "folk", "share": 1.5}]))
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert [each["at"] for each in answer.json()["errors"]] == [["body", "genres", 0, "share"]]
    soon = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    assert (await tell(outside(at=soon))).json()["code"] == "computed_in_future"
    assert (await read()).status_code == 404


async def test_what_names_plays_is_for_who_may_see_those(ida, tell, read):
    await ida(listening="private")
    await tell(outside(top_albums=[album_share("Blue", 0.5)]))
    stranger, bot = (await read()).json(), (await read(kind="bot")).json()
    assert (stranger["top_albums"], stranger["withheld"]) == ([], ["listening"])
    assert [each["title"] for each in bot["top_albums"]] == ["Blue"]


async def test_a_taste_that_is_not_shown_is_not_shown_by_any_origin(ida, tell, read):
    await ida(taste="private")
    assert (await tell()).status_code == 201
    assert [(await read(kind=each)).status_code for each in ("anonymous", "bot")] == [403, 200]


async def test_albums_are_told_by_what_they_mean_now(ida, tell, read, deliver):
    await ida()
    await tell(outside(top_albums=[album_share("Blue (Remaster)", 0.5)]))
    await deliver(AlbumMerged(version=1, album_id=named("Blue (Remaster)"), survivor_id=named("Blue")))
    assert [each["id"] for each in (await read()).json()["top_albums"]] == [str(named("Blue"))]


async def test_of_two_who_are_one_it_is_the_survivor_s_that_is_told_from_then_on(ida, tell, read, deliver):
    await ida()
    await tell(whose=BEN)
    await deliver(UserMerged(user_id=BEN, survivor_id=IDA, version=5))
    assert (await read()).status_code == 404
    assert (await tell(whose=BEN)).json()["user_id"] == str(IDA)
    assert (await read(whose=BEN)).json() == (await read()).json()


async def test_of_who_left_nothing_is_told_or_kept(ida, tell, deliver):
    await ida()
    await tell()
    left = {"user_id": IDA, "aliases": [], "former_id": uuid4(), "version": 9}
    await deliver(UserDeleted(**left, deleted_at="2025-11-24T12:00:00Z"))
    assert (await tell()).status_code == 404


async def test_it_is_in_their_export(ida, tell, deliver, announced):
    await ida()
    await tell()
    await tell(whose=BEN)
    await deliver(ExportRequested(version=1, export_id=uuid4(), user_id=IDA, aliases=[]))
    (part,) = await announced(TasteExportGathered)
    assert [(each["user_id"], each["origin"]) for each in part.sections["outside"]] == [(str(IDA), ORIGIN)]
    assert part.sections["outside"][0]["document"]["genres"][0]["name"] == "folk"
