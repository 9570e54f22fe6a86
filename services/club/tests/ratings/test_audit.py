"""What the audit keeps of ratings and of what moderators do about them."""

import pytest

from club.reveals.schedule import reveal_due

MESSAGE = {"kind": "message", "id": "1442211223344556677"}


@pytest.fixture
def audit(ask, sign):
    """`await audit(rating_id)`: what was done to it, oldest first: action, before, after, reason."""

    async def read(subject):
        entries = (await ask("GET", f"/admin/audit?subject_id={subject}", by=sign("admin"))).json()["items"]
        return [(each["action"], each["before"], each["after"], each["reason"]) for each in reversed(entries)]

    return read


async def test_every_change_of_a_rating_is_an_entry_and_a_repeat_is_none(ask, rate, audit, club_of, week):
    (ida,) = await club_of("Ida")
    for _ in range(2):
        rating = (await rate(week, ida, 4, review="Lovely.")).json()["id"]
    await rate(week, ida, 3)
    for _ in range(2):
        await ask("DELETE", f"/club/weeks/{week}/ratings/{ida.user_id}")
    await rate(week, ida, 3)
    (action, before, after, _), *later = await audit(rating)
    assert (action, before, after["user_id"]) == ("rating.given", None, str(ida.user_id))
    assert (after["rating"], after["review"], after["withdrawn"]) == (4.0, "Lovely.", False)
    assert later == [
        ("rating.changed", {"rating": 4.0}, {"rating": 3.0}, None),
        ("rating.withdrawn", {"withdrawn": False}, {"withdrawn": True}, None),
        ("rating.changed", {"withdrawn": True, "review": "Lovely."}, {"withdrawn": False, "review": None}, None),
    ]


async def test_the_diary_and_a_late_edit_are_entries(rate, close, audit, club_of, week):
    (ida,) = await club_of("Ida")
    rating = (await rate(week, ida, 4, ref=MESSAGE)).json()["id"]
    await close(week)
    for _ in range(2):
        await rate(week, ida, 5, review="It grew.")
        await rate(week, ida, 3, ref=MESSAGE)
    _, *later = await audit(rating)
    assert later == [
        ("diary.written", None, {"rating": 5.0, "favorite_track": None, "review": "It grew."}, None),
        ("rating.changed", {"rating": 4.0, "late": False}, {"rating": 3.0, "late": True}, None),
    ]


async def test_what_was_refused_is_no_entry(ask, rate, close, rules, audit, club_of, week):
    ida, ben = await club_of("Ida", "Ben")
    rating = (await rate(week, ida, 4, ref=MESSAGE)).json()["id"]
    await rules(late_ratings="refused")
    await close(week)
    await rate(week, ida, 3, ref=MESSAGE)
    await rate(week, ben, 3)
    await ask("DELETE", f"/club/weeks/{week}/ratings/{ida.user_id}")
    assert [action for action, *_ in await audit(rating)] == ["rating.given"]


async def test_a_reveal_is_one_entry_of_the_week(stage, rate, close, audit, club_of, week):
    for person in await club_of("Ida", "Ben", "Cleo"):
        await rate(week, person, 4)
    await close(week)
    for _ in range(2):
        await reveal_due(stage.db)
    revealed = [each for each in await audit(week) if each[0] == "ratings.revealed"]
    assert revealed == [("ratings.revealed", None, {"ratings": 3}, None)]


async def test_moderation_is_kept_with_its_reason(ask, sign, rate, audit, club_of, week):
    (ida,) = await club_of("Ida")
    rating = (await rate(week, ida, 4, review="No.")).json()["id"]
    for reason in ("One", "One", "Two"):
        await ask("DELETE", f"/admin/reviews/{rating}?reason={reason}", by=sign("admin"))
    for _ in range(2):
        await ask("POST", f"/admin/reviews/{rating}/restore", {"reason": "Three"}, by=sign("admin"))
    _, *later = await audit(rating)
    shown = {"review_hidden": False, "hidden_for": None}
    assert later == [
        ("review.hidden", shown, {"review_hidden": True, "hidden_for": "One"}, "One"),
        ("review.hidden", {"hidden_for": "One"}, {"hidden_for": "Two"}, "Two"),
        ("review.restored", {"review_hidden": True, "hidden_for": "Two"}, shown, "Three"),
    ]
