"""Taking a listen back."""

import pytest
from sqlalchemy import func, select

from listening.models import Day, Play, Sighting, UserItem


@pytest.fixture
def take_back(client, wrens):
    async def send(**named):
        answer = await client.post("/1/delete-listen", json=named, headers=wrens)
        return answer.status_code, answer.json().get("status"), answer.json().get("detail")

    return send


async def sums(stage):
    async with stage.db.transaction() as tx:
        plays = await tx.scalar(select(func.count()).select_from(Play))
        days = await tx.scalar(select(func.coalesce(func.sum(Day.plays), 0)))
        items = await tx.scalar(select(func.coalesce(func.sum(UserItem.plays), 0)))
        seen = await tx.scalar(select(func.count()).select_from(Sighting).where(~Sighting.hidden))
    return plays, days, items, seen


async def test_a_listen_that_was_taken_back_counts_nowhere_and_does_not_return(stage, submit, item, shown, take_back):
    await submit("import", item(), item("River", at=1_763_496_300))
    [_, listen] = (await shown())["listens"]
    named = {"listened_at": listen["listened_at"], "recording_msid": listen["recording_msid"]}
    assert await take_back(**named) == (200, "ok", None)
    assert await sums(stage) == (1, 1, 3, 1)
    assert await submit("single", item()) == {"status": "ok"}
    assert [each["track_metadata"]["track_name"] for each in (await shown())["listens"]] == ["River"]
    assert await take_back(**named) == (200, "ok", None)


async def test_what_several_saw_goes_with_all_of_them(stage, submit, item, tell, listen, shown, take_back):
    await submit("single", item(info={"duration_ms": 262_000}))
    other = listen(source="lastfm", track={"duration_ms": 262_000}) | {"listened_at": 1_763_496_002}
    await tell(other)
    assert await sums(stage) == (1, 1, 3, 2)
    [seen] = (await shown())["listens"]
    await take_back(listened_at=seen["listened_at"], recording_msid=seen["recording_msid"])
    assert await sums(stage) == (0, 0, 0, 0)


async def test_of_a_song_on_repeat_one_play_is_taken_back(stage, submit, item, shown, take_back):
    await submit("import", *(item(at=1_763_496_000 + 15 * n) for n in range(3)))
    [_, middle, _] = (await shown())["listens"]
    await take_back(listened_at=middle["listened_at"], recording_msid=middle["recording_msid"])
    assert [each["listened_at"] for each in (await shown())["listens"]] == [1_763_496_030, 1_763_496_000]
    assert await sums(stage) == (2, 2, 6, 2)


MSID = "98255a8c-017a-4bc7-8dd6-1fa36124572b"


@pytest.mark.parametrize(
    ("named", "sentence"),
    [
        ({"recording_msid": MSID}, "Listen timestamp missing."),
        ({"listened_at": 1}, "Recording MSID missing."),
        ({"listened_at": "now", "recording_msid": MSID}, "now: Listen timestamp invalid."),
        ({"listened_at": 10**15, "recording_msid": MSID}, f"{10**15}: Listen timestamp invalid."),
        ({"listened_at": 1, "recording_msid": "7"}, "7: Recording MSID format invalid."),
        ({"listened_at": 1, "recording_msid": 7}, "7: Recording MSID format invalid."),
    ],
)
async def test_what_names_no_listen_is_refused(take_back, named, sentence):
    assert await take_back(**named) == (400, 400, sentence)


async def test_nobody_takes_back_what_is_not_theirs(client, sign, submit, item, shown):
    await submit("single", item())
    [listen] = (await shown())["listens"]
    named = {"listened_at": listen["listened_at"], "recording_msid": listen["recording_msid"]}
    answer = await client.post("/1/delete-listen", json=named, headers=sign("user", scopes=["listens:write"]))
    assert answer.json() == {"status": "ok"}
    assert len((await shown())["listens"]) == 1
