"""What somebody liked by the end of a day in the past."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from services.taste.tests.telling import DAY, IDA, album, day, rated, track, user
from sqlalchemy import select

from taste.models import Profile

ARTISTS = ("Joni Mitchell", "Daft Punk", "João Gilberto")
LATER = DAY + timedelta(days=5)
# Rated on the 24th of November 2025.
STORY = [
    user(),
    day(*(track(each, plays=20) for each in ARTISTS)),
    day(track("Can", plays=500, album=None, title="Halleluhwah"), on=LATER),
    album(),
    rated("Blue", 5.0),
    rated("Homework", 5.0, week=2, seen=False),
]
# What a day in the past has not.
OF_NOW = {"computed_at", "obscurity", "sentence"}


@pytest.fixture
def known(tell):
    async def told(events=STORY):
        await tell(*events)

    return told


@pytest.fixture
def read(client, sign):
    async def answer(as_of=None, kind="anonymous", **asked):
        params = asked | ({} if as_of is None else {"as_of": str(as_of)})
        return await client.get(f"/users/{IDA}/taste", params=params, headers=sign(kind))

    return answer


async def test_it_is_by_what_had_been_played_and_rated_by_then(known, read):
    await known()
    then = (await read(DAY)).json()
    assert (then["enough"], then["window"]["plays"], then["window"]["last_day"]) == (True, 60, str(DAY))
    assert {each["name"] for each in then["top_artists"]} == {*ARTISTS}
    assert (then["rated"], then["computed_at"], then["obscurity"]) == (0, None, None)
    assert (await read("2025-11-23")).json()["rated"] == 0
    assert [each["rating"] for each in (await read("2025-11-24")).json()["loved"]] == [5.0]


async def test_by_what_is_known_today_it_is_the_profile_of_now(known, read):
    await known()
    now, today = (await read()).json(), (await read(datetime.now(UTC).date())).json()
    assert {name: value for name, value in today.items() if name not in OF_NOW} == {
        name: value for name, value in now.items() if name not in OF_NOW
    }


async def test_it_is_what_the_profile_was_then(known, read):
    await known(STORY[:2])
    was = (await read()).json()
    await known(STORY[2:3])
    assert (await read()).json()["inputs_hash"] != was["inputs_hash"]
    then = (await read(DAY)).json()
    assert {name: value for name, value in then.items() if name not in OF_NOW} == {
        name: value for name, value in was.items() if name not in OF_NOW
    }


async def test_long_before_the_window_of_now_there_was_another(known, read):
    long_ago = DAY - timedelta(days=2000)
    await known([*STORY, day(*(track(each, plays=15) for each in ("Can", "Neu!", "Faust")), on=long_ago)])
    then = (await read(long_ago + timedelta(days=30))).json()
    assert (then["enough"], then["window"]["plays"]) == (True, 45)
    assert {each["name"] for each in then["top_artists"]} == {"Can", "Neu!", "Faust"}


async def test_before_anything_was_there_was_too_little(known, read):
    await known()
    for early in (DAY - timedelta(days=1), "0001-01-01"):
        then = (await read(early)).json()
        assert (then["enough"], then["top_artists"]) == (False, [])
        assert then["sentence"].startswith("Not enough to say: 0 plays")


@pytest.mark.parametrize("seed", range(3))
async def test_in_whatever_order_it_was_told_it_is_the_same(known, read, seed):
    told = [*STORY, *STORY]
    random.Random(seed).shuffle(told)
    await known(told)
    then = (await read(DAY)).json()
    await known(STORY)
    assert (await read(DAY)).json() == then
    assert (then["window"]["plays"], len(then["top_artists"])) == (60, 3)


async def test_nothing_of_it_is_kept(known, read, stage):
    await known()
    async with stage.db.transaction() as tx:
        before = (await tx.scalars(select(Profile))).one().document
    await read(DAY)
    async with stage.db.transaction() as tx:
        assert (await tx.scalars(select(Profile))).one().document == before


@pytest.mark.parametrize(
    "day", ["yesterday", "2025-13-01", "2025-02-30", "20251118", "1763942400", "2025-11-18T12:00:00Z", ""]
)
async def test_what_is_no_day_is_refused(known, read, day):
    await known(STORY[:1])
    answer = await read(day)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


async def test_a_day_that_has_not_come_is_refused_and_so_is_the_past_of_a_worker_s(known, read):
    await known(STORY[:1])
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    assert (await read(tomorrow)).json()["code"] == (await read("9999-12-31")).json()["code"] == "day_in_future"
    answer = await read(DAY, origin="essentia-worker")
    assert (answer.status_code, answer.json()["code"]) == (422, "past_of_others")


async def test_what_is_withheld_now_is_withheld_of_the_past(known, read):
    await known([*STORY, user(version=2, privacy={"ratings": "private"})])
    then = (await read("2025-11-24")).json()
    assert (then["loved"], then["rated"], then["withheld"]) == ([], 0, ["ratings"])
    assert (await read("2025-11-24", "bot")).json()["rated"] == 1
    await known([user(version=3, privacy={"taste": "private"})])
    assert (await read(DAY)).status_code == 403


async def test_whoever_may_not_see_when_somebody_listened_is_not_told_day_by_day_how_their_taste_moved(known, read):
    await known([*STORY, user(version=2, privacy={"listening": "private"})])
    answer = await read(DAY)
    assert (answer.status_code, answer.json()["code"]) == (403, "past_private")
    assert (await read(DAY, "bot")).status_code == 200
