"""Withdrawing a rating, and what is left of it."""

import pytest

from club.models import Week
from club.ratings.rules import NoRating
from club.ratings.store import of_message
from club.ratings.withdraw import withdraw_rating
from contracts.ratings import RatingGiven

MESSAGE = {"kind": "message", "id": "1442211223344556677"}


async def listed(ask, week):
    return [each["rating"] for each in (await ask("GET", f"/club/weeks/{week}/ratings")).json()["items"]]


async def test_a_withdrawn_rating_is_neither_listed_nor_counted(ask, rate, announced, one, club_of, week, refusal):
    ida, ben = await club_of("Ida", "Ben")
    await rate(week, ida, 1, review="No.")
    await rate(week, ben, 4)
    answer = await ask("DELETE", f"/club/weeks/{week}/ratings/{ida.user_id}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert await listed(ask, week) == [4.0]
    assert (await ask("GET", f"/club/weeks/{week}/ratings/summary")).json()["average"] == 4.0
    (item,) = (await ask("GET", "/club/weeks")).json()["items"]
    assert (item["average"], item["ratings"]) == (4.0, 1)
    assert refusal(await one(week, ida)) == (404, "no_rating")
    given, _, event = await announced(RatingGiven)
    assert (event.user_id, event.withdrawn) == (ida.user_id, True)
    assert event.version > given.version


async def test_withdrawing_again_says_that_it_is_gone_and_announces_nothing(
    ask, rate, announced, club_of, week, refusal
):
    (ida,) = await club_of("Ida")
    await rate(week, ida, 1)
    path = f"/club/weeks/{week}/ratings/{ida.user_id}"
    assert (await ask("DELETE", path)).status_code == 204
    for _ in range(2):
        assert refusal(await ask("DELETE", path)) == (404, "no_rating")
    assert len(await announced(RatingGiven)) == 2


async def test_a_rating_of_a_former_winner_is_not_one_to_withdraw(ask, rate, announced, record, club_of, week, refusal):
    (ida,), hejira = await club_of("Ida"), await record("Hejira", year=1976)
    await rate(week, ida, 1)
    await ask("PATCH", f"/club/weeks/{week}", {"winner_album_id": str(hejira.album_id)})
    assert refusal(await ask("DELETE", f"/club/weeks/{week}/ratings/{ida.user_id}")) == (404, "no_rating")
    assert not any(event.withdrawn for event in await announced(RatingGiven))


async def test_rating_again_revives_it_with_what_is_said_now(ask, rate, announced, club_of, week):
    (ida,) = await club_of("Ida")
    first = (await rate(week, ida, 1, review="No.")).json()
    await ask("DELETE", f"/club/weeks/{week}/ratings/{ida.user_id}")
    again = await rate(week, ida, 1)
    assert (again.status_code, again.json()["id"], again.json()["review"]) == (200, first["id"], None)
    assert await listed(ask, week) == [1.0]
    *_, withdrawn, event = await announced(RatingGiven)
    assert (event.withdrawn, event.version > withdrawn.version) == (False, True)


async def test_who_withdrew_has_not_rated(ask, rate, me, club_of, week):
    ida, ben = await club_of("Ida", "Ben")
    await rate(week, ben, 4)
    await rate(week, ida, 1)
    ratings = f"/club/weeks/{week}/ratings"
    assert len((await ask("GET", ratings, by=me(ida))).json()["items"]) == 2
    await ask("DELETE", f"{ratings}/me", by=me(ida))
    assert (await ask("GET", ratings, by=me(ida))).json()["items"] == []


async def test_a_member_withdraws_their_own_and_a_host_anybodys(ask, sign, me, rate, club_of, week, refusal):
    ida, ben, host = await club_of("Ida", "Ben", "Host")
    roster = [{"user": {"user_id": str(host.user_id)}, "role": "host"}, {"user": {"user_id": str(ida.user_id)}}]
    await ask("PUT", "/club/members", {"members": roster})
    path = f"/club/weeks/{week}/ratings/{ida.user_id}"
    for by, *expected in (
        (sign("anonymous"), 401, "unauthenticated"),
        (me(ben), 403, "only_for_yourself"),
        (sign("worker", scopes=["listens:write"]), 403, "only_for_yourself"),
        ({}, 401, "bad_token"),
    ):
        await rate(week, ida, 1)
        assert refusal(await ask("DELETE", path, by=by)) == tuple(expected)
        assert await listed(ask, week) == [1.0]
    own = f"/club/weeks/{week}/ratings"
    for address, by in (
        (path, me(ida)),
        (f"{own}/me", me(ida)),
        (f"{own}/discord:{ida.discord_id}", me(ida)),
        (path, me(host)),
        (path, sign()),
        (f"{own}/discord:{ida.discord_id}", sign("admin")),
    ):
        await rate(week, ida, 1)
        assert (await ask("DELETE", address, by=by)).status_code == 204
        assert await listed(ask, week) == []


async def test_what_is_not_there_cannot_be_withdrawn(ask, club_of, a_week, week, refusal):
    (ida,) = await club_of("Ida")
    for whose in (ida.user_id, "discord:7", "01a21780-a425-73fb-820f-0ea0b50ebcad"):
        assert refusal(await ask("DELETE", f"/club/weeks/{week}/ratings/{whose}")) == (404, "no_rating")
    nowhere = "01a21780-a425-73fb-820f-0ea0b50ebcad"
    assert refusal(await ask("DELETE", f"/club/weeks/{nowhere}/ratings/{ida.user_id}")) == (404, "no_such_week")
    assert refusal(await ask("DELETE", f"/club/weeks/{week}/ratings/me")) == (422, "nobody_named")
    assert refusal(await ask("DELETE", f"/club/weeks/{week}/ratings/ida")) == (422, "invalid")


async def test_a_rating_is_withdrawn_where_ratings_are_taken(ask, rate, close, rules, club_of, week, refusal):
    ida, ben = await club_of("Ida", "Ben")
    for person in (ida, ben):
        await rate(week, person, 1)
    await close(week)
    assert (await ask("DELETE", f"/club/weeks/{week}/ratings/{ida.user_id}")).status_code == 204
    await rules(late_ratings="refused")
    path = f"/club/weeks/{week}/ratings/{ben.user_id}"
    assert refusal(await ask("DELETE", path)) == (409, "phase_closed")
    assert await listed(ask, week) == [1.0]


async def test_ratings_are_found_by_the_message_they_came_from(stage, ask, rate, club_of, week):
    ida, ben, cleo = await club_of("Ida", "Ben", "Cleo")
    await rate(week, ida, 1, ref=MESSAGE | {"guild_id": "8"})
    await rate(week, ben, 2, ref=MESSAGE | {"kind": "ratings"})
    await rate(week, cleo, 3)
    async with stage.db.transaction() as tx:
        (found,) = await of_message(tx, MESSAGE["id"])
        assert found.user_id == ida.user_id
        assert await of_message(tx, "9") == []
        assert (await withdraw_rating(tx, await tx.get_one(Week, week), found.user_id)).withdrawn_at
    async with stage.db.transaction() as tx:
        assert await of_message(tx, MESSAGE["id"]) == []
        with pytest.raises(NoRating):
            await withdraw_rating(tx, await tx.get_one(Week, week), week)
    assert await listed(ask, week) == [3.0, 2.0]
