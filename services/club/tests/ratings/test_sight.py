"""Who sees which ratings, and when."""

import pytest
from sqlalchemy import func, update

from club.models import Week

UNSEEN = ("average", "bayesian_average", "median", "deviation", "divisiveness")


@pytest.fixture
async def rated(rate, club_of, week):
    """Ida and Ben rated, Cleo did not."""
    ida, ben, cleo = await club_of("Ida", "Ben", "Cleo")
    await rate(week, ida, 4.5, review="Lovely.")
    await rate(week, ben, 2)
    return ida, ben, cleo


@pytest.fixture
def sees(ask, week):
    """`await sees(by)`: what this reader is shown of the week's ratings, wherever they are shown."""

    async def read(by):
        here = f"/club/weeks/{week}"
        listed = (await ask("GET", f"{here}/ratings", by=by)).json()["items"]
        summary = (await ask("GET", f"{here}/ratings/summary", by=by)).json()
        assert (await ask("GET", here, by=by)).json()["ratings"] == summary
        (item,) = (await ask("GET", "/club/weeks", by=by)).json()["items"]
        assert (item["average"], item["ratings"], item["ratings_hidden"]) == (
            summary["average"],
            summary["count"],
            summary["hidden"],
        )
        assert (summary["count"], summary["participation"]["rated"]) == (2, 2)
        if summary["hidden"]:
            assert {summary[name] for name in UNSEEN} == {None}
            assert {each["count"] for each in summary["histogram"]} == {0}
        else:
            assert (summary["average"], sum(each["count"] for each in summary["histogram"])) == (3.25, 2)
        return sorted(each["rating"] for each in listed), summary["hidden"]

    return read


ALL, NONE = ([2.0, 4.5], False), ([], True)


async def test_by_default_who_has_rated_sees_what_others_did(ask, sign, me, rated, sees):
    ida, ben, cleo = rated
    for by in (me(ida), me(ben), sign(), sign("admin")):
        assert await sees(by) == ALL
    for by in (me(cleo), sign("user"), sign("anonymous"), sign("worker", scopes=["listens:write"])):
        assert await sees(by) == NONE


async def test_a_club_may_show_ratings_at_the_close_alone(rules, sign, me, close, rated, sees, week):
    ida, ben, cleo = rated
    await rules(rating_visibility="at_close")
    assert await sees(me(ida)) == ([4.5], True)
    assert await sees(me(ben)) == ([2.0], True)
    assert await sees(me(cleo)) == NONE
    assert await sees(sign()) == ALL
    await close(week)
    for by in (me(ida), me(cleo), sign("anonymous")):
        assert await sees(by) == ALL


async def test_a_club_may_show_ratings_always(rules, sign, me, rated, sees):
    await rules(rating_visibility="always")
    for by in (me(rated[2]), sign("anonymous")):
        assert await sees(by) == ALL


async def test_a_host_sees_everything(ask, rules, me, rated, sees):
    cleo = rated[2]
    await rules(rating_visibility="at_close")
    members = [{"user": {"user_id": str(cleo.user_id)}, "role": "host"}]
    members += [{"user": {"user_id": str(person.user_id)}} for person in rated[:2]]
    await ask("PUT", "/club/members", {"members": members})
    assert await sees(me(cleo)) == ALL


async def test_a_deadline_that_has_passed_shows_them_before_anybody_has_closed_the_week(stage, sign, rated, sees, week):
    async with stage.db.transaction() as tx:
        over = {"phase": "rating", "rating_ends": func.clock_timestamp()}
        await tx.execute(update(Week).where(Week.id == week).values(over))
    assert await sees(sign("anonymous")) == ALL


async def test_who_rated_a_former_winner_has_not_rated(ask, me, record, rated, week):
    hejira = await record("Hejira", year=1976)
    await ask("PATCH", f"/club/weeks/{week}", {"winner_album_id": str(hejira.album_id)})
    summary = await ask("GET", f"/club/weeks/{week}/ratings/summary", by=me(rated[0]))
    assert (summary.json()["hidden"], summary.json()["count"]) == (True, 0)


async def test_a_hidden_average_is_not_told_by_an_etag_or_a_page(ask, client, me, rate, rated, week):
    path, cleo = f"/club/weeks/{week}/ratings/summary", me(rated[2])
    etag = (await ask("GET", path, by=cleo)).headers["etag"]
    await rate(week, rated[0], 1)
    assert (await client.get(path, headers=cleo | {"If-None-Match": etag})).status_code == 304


async def test_one_rating_is_read_by_whoever_may_see_it(ask, sign, me, rated, one, week, refusal):
    ida, ben, cleo = rated
    for by in (me(ida), sign(), sign("admin")):
        told = (await one(week, ida, by=by)).json()
        assert (told["rating"], told["review"], told["diary"], len(told["history"])) == (4.5, "Lovely.", [], 1)
    told = (await one(week, ida, by=me(ben))).json()
    assert (told["rating"], told["user"]["display_name"], told["user"]["discord_id"]) == (4.5, "Ida", None)
    assert told["history"] is None
    for by in (me(cleo), sign("anonymous")):
        for person in rated[: 2 if by == me(cleo) else 3]:
            assert refusal(await one(week, person, by=by)) == (403, "ratings_hidden")
    assert refusal(await one(week, cleo, by=me(cleo))) == (404, "no_rating")
    assert refusal(await one(week, cleo)) == (404, "no_rating")


async def test_one_rating_is_found_by_every_name_of_its_author(ask, sign, me, rated, week, refusal):
    ida, ben, _ = rated
    here = f"/club/weeks/{week}/ratings"
    for name, by in (
        (f"discord:{ida.discord_id}", sign()),
        (str(ida.user_id).upper(), sign()),
        ("me", me(ida)),
        (f"discord:{ida.discord_id}", me(ida)),
    ):
        assert (await ask("GET", f"{here}/{name}", by=by)).json()["user"]["id"] == str(ida.user_id)
    assert refusal(await ask("GET", f"{here}/discord:{ida.discord_id}", by=me(ben))) == (403, "discord_ids_hidden")
    assert refusal(await ask("GET", f"{here}/me", by=sign("anonymous"))) == (401, "unauthenticated")
    assert refusal(await ask("GET", f"{here}/me")) == (422, "nobody_named")
    for wrong in ("ida", "discord:", "discord:07", "%00", "discord:x"):
        assert refusal(await ask("GET", f"{here}/{wrong}")) == (422, "invalid")
    for nobody in ("discord:7", "01a21780-a425-73fb-820f-0ea0b50ebcad"):
        assert refusal(await ask("GET", f"{here}/{nobody}")) == (404, "no_rating")


async def test_the_gallery_shows_and_hides_week_by_week(ask, me, another_week, rate, close, rated):
    _, ben, cleo = rated
    closed, both = await another_week(4), await another_week(5)
    await rate(closed, ben, 3)
    await close(closed)
    for person in (ben, cleo):
        await rate(both, person, 5)
    items = (await ask("GET", "/club/weeks", by=me(cleo))).json()["items"]
    assert [(each["number"], each["average"], each["ratings"], each["ratings_hidden"]) for each in items] == [
        (5, 5.0, 2, False),
        (4, 3.0, 1, False),
        (3, None, 2, True),
    ]
