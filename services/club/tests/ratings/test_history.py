"""What a rating was before, and what its author makes of it later."""

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import ProgrammingError

from club.models import DiaryEntry, RatingState
from contracts.ratings import RatingGiven

MESSAGE = {"kind": "message", "id": "1442211223344556677"}
SAID = {"favorite_track": "River", "review": "I wish I had a river."}


async def test_every_state_of_a_rating_is_kept(ask, rate, one, club_of, week):
    (ida,) = await club_of("Ida")
    await rate(week, ida, 4.5, **SAID, ref=MESSAGE)
    await rate(week, ida, 4.5)
    await rate(week, ida, 3, review=None)
    await ask("DELETE", f"/club/weeks/{week}/ratings/{ida.user_id}")
    await rate(week, ida, 5)
    states = (await one(week, ida)).json()["history"]
    assert [(each["rating"], each["favorite_track"], each["review"], each["withdrawn"]) for each in states] == [
        (4.5, "River", SAID["review"], False),
        (3.0, "River", None, False),
        (3.0, "River", None, True),
        (5.0, None, None, False),
    ]
    assert [each["ref"] and each["ref"]["id"] for each in states] == [MESSAGE["id"]] * 3 + [None]
    assert [each["at"] for each in states] == sorted(each["at"] for each in states)
    assert not any(each["late"] for each in states)


@pytest.mark.parametrize("rewrite", [update(RatingState).values(half_steps=10), delete(RatingState)])
async def test_the_service_cannot_rewrite_what_was(stage, rate, club_of, week, rewrite):
    (ida,) = await club_of("Ida")
    await rate(week, ida, 1)
    with pytest.raises(ProgrammingError, match="permission denied"):
        async with stage.db.transaction() as tx:
            await tx.execute(rewrite)


async def test_a_rating_says_where_it_was_said_and_the_same_elsewhere_moves_it(rate, announced, one, club_of, week):
    (ida,) = await club_of("Ida")
    await rate(week, ida, 4, ref=MESSAGE)
    await rate(week, ida, 4, ref=MESSAGE | {"guild_id": "193842067721486337"})
    assert len(await announced(RatingGiven)) == 1
    await rate(week, ida, 4, ref=MESSAGE | {"id": "9"})
    await rate(week, ida, 4)
    refs = [each["ref"]["id"] for each in (await one(week, ida)).json()["history"]]
    assert refs == [MESSAGE["id"], "9"]


async def test_what_is_no_ref_is_refused(rate, club_of, week, refusal):
    (ida,) = await club_of("Ida")
    for wrong in ({"kind": "message"}, {"kind": "thread", "id": "7"}, {"kind": "message", "id": 7}, "7"):
        assert refusal(await rate(week, ida, 4, ref=wrong)) == (422, "invalid")


async def test_another_rating_after_the_close_goes_to_the_diary(rate, announced, close, one, club_of, week):
    (ida,) = await club_of("Ida")
    first = (await rate(week, ida, 4.5, **SAID)).json()
    await close(week)
    before = await announced()
    later = await rate(week, ida, 5, review="It grew.")
    assert later.status_code == 200
    assert later.json() | {"diary": []} == first
    (entry,) = later.json()["diary"]
    assert (entry["rating"], entry["favorite_track"], entry["review"]) == (5.0, None, "It grew.")
    assert await announced() == before
    told = (await one(week, ida)).json()
    assert (told["diary"], len(told["history"])) == ([entry], 1)


async def test_the_same_again_after_the_close_is_no_entry(stage, rate, close, club_of, week):
    (ida,) = await club_of("Ida")
    await rate(week, ida, 4.5, **SAID)
    await close(week)
    ratings = []
    for rating, more in (
        (4.5, {}),
        (4.5, SAID),
        (5, {}),
        (5, {}),
        (5, {"review": None}),
        (4.5, {}),
        (5, {"review": "!"}),
    ):
        ratings.append([entry["rating"] for entry in (await rate(week, ida, rating, **more)).json()["diary"]])
    assert ratings == [[], [], [5.0], [5.0], [5.0], [5.0, 4.5], [5.0, 4.5, 5.0]]
    async with stage.db.transaction() as tx:
        assert await tx.scalar(select(func.count()).select_from(DiaryEntry)) == 3


async def test_an_edited_message_edits_the_rating_which_is_then_late(rate, announced, close, club_of, week):
    (ida,) = await club_of("Ida")
    await rate(week, ida, 4.5, **SAID, ref=MESSAGE)
    await close(week)
    edited = (await rate(week, ida, 2, ref=MESSAGE)).json()
    assert (edited["rating"], edited["review"], edited["late"], edited["diary"]) == (2.0, SAID["review"], True, [])
    event = (await announced(RatingGiven))[-1]
    assert (event.rating, event.visible_from is None) == (4, False)
    elsewhere = (await rate(week, ida, 3, ref=MESSAGE | {"id": "9"})).json()
    assert (elsewhere["rating"], [entry["rating"] for entry in elsewhere["diary"]]) == (2.0, [3.0])


async def test_where_late_ratings_are_refused_so_are_edits_but_not_the_diary(
    rate, close, rules, club_of, week, refusal
):
    ida, ben = await club_of("Ida", "Ben")
    await rate(week, ida, 4.5, ref=MESSAGE)
    await close(week)
    await rules(late_ratings="refused")
    assert refusal(await rate(week, ida, 2, ref=MESSAGE)) == (409, "phase_closed")
    assert refusal(await rate(week, ben, 2)) == (409, "phase_closed")
    same = await rate(week, ida, 4.5, ref=MESSAGE)
    assert (same.status_code, same.json()["rating"]) == (200, 4.5)
    assert [entry["rating"] for entry in (await rate(week, ida, 2)).json()["diary"]] == [2.0]


async def test_a_first_rating_after_the_close_is_late_and_seen_at_once(rate, announced, close, club_of, week):
    (ida,) = await club_of("Ida")
    await close(week)
    answer = await rate(week, ida, 4)
    assert (answer.status_code, answer.json()["late"], answer.json()["diary"]) == (201, True, [])
    assert (await announced(RatingGiven))[-1].visible_from is not None


async def test_an_unreadable_change_of_a_closed_week_leaves_no_entry(rate, close, one, club_of, week, refusal):
    (ida,) = await club_of("Ida")
    await rate(week, ida, 4)
    await close(week)
    for wrong in ({"review": "a\0b"}, {"review": "x" * 4001}):
        assert refusal(await rate(week, ida, 5, **wrong)) == (422, "invalid")
    assert refusal(await rate(week, ida, "9/10")) == (422, "invalid")
    assert (await one(week, ida)).json()["diary"] == []
