"""Ratings of two who turned out to be one."""

import pytest

from contracts.ratings import RatingGiven


@pytest.fixture
def summary(ask):
    async def read(week):
        told = (await ask("GET", f"/club/weeks/{week}/ratings/summary")).json()
        return told["count"], told["average"]

    return read


@pytest.fixture
def one(ask):
    async def read(week, person):
        return (await ask("GET", f"/club/weeks/{week}/ratings/{person.user_id}")).json()

    return read


async def test_a_rating_beside_none_is_the_survivors_with_history_and_diary(
    won, club_of, rate, merge, one, ask, summary, announced
):
    week, (ida, ben) = await won(3), await club_of("Ida", "Ben")
    await rate(week, ida, 4)
    await rate(week, ida, 4.5, review="Grows.")
    await ask("POST", f"/club/weeks/{week}/advance", {"to": "closed"})
    await rate(week, ida, 5)
    was = await one(week, ida)
    await merge(ida, ben)
    told = await one(week, ben)
    assert told == was | {"user": told["user"]} == await one(week, ida)
    assert (told["user"]["display_name"], len(told["history"]), len(told["diary"])) == ("Ben", 2, 1)
    assert await summary(week) == (1, 4.5)
    gone, stays = (await announced(RatingGiven))[-2:]
    assert (gone.user_id, gone.withdrawn, stays.user_id, stays.withdrawn) == (ida.user_id, True, ben.user_id, False)


async def test_the_survivors_rating_stands_and_the_other_is_withdrawn(
    won, club_of, rate, merge, one, summary, announced, entry, ask, sign
):
    week, (ida, ben) = await won(3), await club_of("Ida", "Ben")
    given = await rate(week, ida, 2, review="Not for me.")
    await rate(week, ben, 4)
    await merge(ida, ben)
    assert (await one(week, ida))["rating"] == (await one(week, ben))["rating"] == 4
    assert await summary(week) == (1, 4)
    gone = (await announced(RatingGiven))[-1]
    assert (gone.user_id, gone.withdrawn) == (ida.user_id, True)
    assert (await entry())["after"]["became"]["ratings"] == {"withdrawn": [given["id"]]}
    kept = (await ask("GET", f"/admin/audit?subject_id={given['id']}", by=sign("admin"))).json()["items"]
    assert [each["action"] for each in kept] == ["rating.withdrawn", "rating.given"]


async def test_a_rating_that_counts_takes_the_place_of_one_that_was_withdrawn(
    won, club_of, rate, merge, one, summary, ask
):
    week, (ida, ben) = await won(3), await club_of("Ida", "Ben")
    await rate(week, ida, 2, review="Not for me.")
    await rate(week, ben, 4)
    await ask("DELETE", f"/club/weeks/{week}/ratings/{ben.user_id}")
    await merge(ida, ben)
    told = await one(week, ben)
    assert (told["rating"], told["review"]) == (2, "Not for me.")
    assert [each["withdrawn"] for each in told["history"]] == [False, True, False]
    assert await summary(week) == (1, 2)


async def test_who_was_the_old_one_rates_and_withdraws_as_the_survivor(won, club_of, rate, merge, summary, ask, me):
    week, (ida, ben) = await won(3), await club_of("Ida", "Ben")
    await merge(ida, ben)
    assert (await rate(week, ida, 3))["user"]["display_name"] == "Ben"
    assert (await ask("DELETE", f"/club/weeks/{week}/ratings/me", by=me(ida))).status_code == 204
    assert await summary(week) == (0, None)
