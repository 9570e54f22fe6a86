"""Hiding reviews and bringing them back, over HTTP."""

from uuid import uuid4

import pytest

from contracts.ratings import RatingGiven

HERE = "/admin/reviews"


async def seen(ask, week, by=None, query=""):
    (item,) = (await ask("GET", f"/club/weeks/{week}/ratings{query}", by=by)).json()["items"]
    return item["review"], item["review_hidden"]


async def test_a_hidden_review_is_gone_for_all_but_its_author_and_hosts(
    ask, sign, admin, review, hide, announced, club_of, week
):
    ida, ben = await club_of("Ida", "Ben")
    rating = await review(ida, "@everyone <b>listen</b>")
    told = await hide(rating, "It pings everyone.")
    assert told.status_code == 200
    assert (told.json()["review"], told.json()["review_hidden"]) == ("@everyone <b>listen</b>", True)
    assert (told.json()["reason"], told.json()["user"]["display_name"]) == ("It pings everyone.", "Ida")
    await ask("POST", f"/club/weeks/{week}/advance", {"to": "closed"})
    for by in (sign("anonymous"), sign("user", str(ben.user_id))):
        assert await seen(ask, week, by) == (None, True)
        assert await seen(ask, week, by, "?truncate=3&anonymous=true") == (None, True)
        one = (await ask("GET", f"/club/weeks/{week}/ratings/{ida.user_id}", by=by)).json()
        assert (one["review"], one["review_hidden"], one["history"]) == (None, True, None)
    for by in (sign("user", str(ida.user_id)), sign(), admin):
        assert await seen(ask, week, by) == ("@everyone <b>listen</b>", True)
    given, event = await announced(RatingGiven)
    assert (given.review, given.review_hidden) == ("@everyone <b>listen</b>", False)
    assert (event.review, event.review_hidden, event.rating, event.given_at) == (None, True, 8, given.given_at)
    assert event.version > given.version


async def test_a_rating_with_a_hidden_review_still_counts(ask, review, hide, club_of, week):
    (ida,) = await club_of("Ida")
    await hide(await review(ida, "No.", rating=1))
    summary = (await ask("GET", f"/club/weeks/{week}/ratings/summary")).json()
    assert (summary["count"], summary["average"]) == (1, 1.0)


async def test_a_restored_review_is_as_it_was(ask, sign, review, hide, restore, announced, club_of, week):
    (ida,) = await club_of("Ida")
    rating = await review(ida, "Lovely.")
    await hide(rating)
    for body in ({"reason": "It was a quotation."}, None, {}):
        told = await restore(rating, body)
        assert told.status_code == 200
        assert (told.json()["review_hidden"], told.json()["reason"], told.json()["hidden_at"]) == (False, None, None)
    await ask("POST", f"/club/weeks/{week}/advance", {"to": "closed"})
    assert await seen(ask, week, sign("anonymous")) == ("Lovely.", False)
    assert [(event.review, event.review_hidden) for event in await announced(RatingGiven)] == [
        ("Lovely.", False),
        (None, True),
        ("Lovely.", False),
    ]


async def test_hiding_again_announces_nothing_and_keeps_the_later_reason(review, hide, announced, club_of):
    (ida,) = await club_of("Ida")
    rating = await review(ida, "No.")
    first = (await hide(rating, "One")).json()
    assert (await hide(rating, "One")).json() == first
    assert (await hide(rating, "Two")).json() == first | {"reason": "Two"}
    assert len(await announced(RatingGiven)) == 2


async def test_a_hidden_review_that_its_author_rewrites_stays_hidden(ask, sign, review, hide, announced, club_of, week):
    ida, ben = await club_of("Ida", "Ben")
    await hide(await review(ida, "No."))
    await review(ida, "NO!", rating=2)
    await review(ben, "Well…")
    assert (await announced(RatingGiven))[2].review is None
    items = (await ask("GET", f"/club/weeks/{week}/ratings", by=sign("user", str(ben.user_id)))).json()["items"]
    assert [(each["review"], each["review_hidden"]) for each in items] == [("Well…", False), (None, True)]


async def test_what_its_author_writes_in_the_diary_is_hidden_with_it(ask, sign, admin, review, hide, club_of, week):
    (ida,) = await club_of("Ida")
    rating = await review(ida, None)
    await ask("POST", f"/club/weeks/{week}/advance", {"to": "closed"})
    await review(ida, "No!", rating=2)
    assert [entry["review"] for entry in (await hide(rating)).json()["diary"]] == ["No!"]
    one = f"/club/weeks/{week}/ratings/{ida.user_id}"
    for by, text in ((sign("anonymous"), None), (sign("user", str(ida.user_id)), "No!"), (sign(), "No!")):
        told = (await ask("GET", one, by=by)).json()
        assert [(entry["rating"], entry["review"]) for entry in told["diary"]] == [(2.0, text)]


async def test_only_an_admin_moderates(ask, sign, review, hide, restore, announced, club_of, refusal):
    (ida,) = await club_of("Ida")
    rating = await review(ida, "Lovely.")
    asked = [
        lambda by: hide(rating, by=by),
        lambda by: restore(rating, by=by),
        lambda by: ask("GET", HERE, by=by),
        lambda by: ask("POST", f"{HERE}/hide", {"ids": [rating], "reason": "No."}, by=by),
        lambda by: ask("POST", f"{HERE}/restore", {"ids": [rating]}, by=by),
    ]
    for send in asked:
        assert refusal(await send(sign())) == (403, "admins_only")
        assert refusal(await send(sign("user", str(ida.user_id)))) == (403, "admins_only")
        assert refusal(await send(sign("anonymous"))) == (401, "unauthenticated")
    assert len(await announced(RatingGiven)) == 1
    assert (await hide(rating, by=sign("user", str(ida.user_id)))).status_code == 403
    assert (await hide(rating, by=sign("bot", scopes=["admin"]))).status_code == 200


async def test_what_is_no_review_is_not_moderated(ask, admin, review, hide, restore, announced, club_of, refusal):
    (ida,) = await club_of("Ida")
    silent = await review(ida, None)
    for nothing in (silent, uuid4()):
        assert refusal(await hide(nothing)) == (404, "no_such_review")
        assert refusal(await restore(nothing)) == (404, "no_such_review")
    assert refusal(await hide("x")) == (422, "invalid")
    rating = await review(ida, "Lovely.")
    assert refusal(await ask("DELETE", f"{HERE}/{rating}", by=admin)) == (422, "invalid")
    for reason in ("%20", "a%00b", "x" * 501):
        assert refusal(await hide(rating, reason)) == (422, "invalid")
    assert refusal(await restore(rating, {"why": "?"})) == (422, "invalid")
    assert not any(event.review_hidden for event in await announced(RatingGiven))


async def test_many_are_hidden_at_once_and_each_is_reported(ask, admin, review, announced, club_of):
    ida, ben, cleo = await club_of("Ida", "Ben", "Cleo")
    first, silent, last = await review(ida, "No."), await review(ben, None), await review(cleo, "No!")
    ids = [first, silent, "x", 7, None, {"id": last}, "\ud800", last, first.upper()]
    answer = await ask("POST", f"{HERE}/hide", {"ids": ids, "reason": "Names a member."}, by=admin)
    assert answer.status_code == 200
    items = answer.json()["items"]
    assert [each["index"] for each in items] == list(range(9))
    assert [each["code"] for each in items] == [
        None,
        "no_such_review",
        *["no_review_id"] * 5,
        None,
        None,
    ]
    assert all(each["detail"].endswith(".") if each["code"] else each["detail"] is None for each in items)
    assert (items[0]["id"], items[2]["id"], items[3]["id"]) == (first, "x", "7")
    hidden = [event.user_id for event in await announced(RatingGiven) if event.review_hidden]
    assert sorted(hidden) == sorted([ida.user_id, cleo.user_id])
    back = await ask("POST", f"{HERE}/restore", {"ids": [last, silent], "reason": "A quotation."}, by=admin)
    assert [each["code"] for each in back.json()["items"]] == [None, "no_such_review"]
    assert (await ask("GET", f"{HERE}?hidden=true", by=admin)).json()["items"][0]["id"] == first


@pytest.mark.parametrize(
    "wrong",
    [
        {"ids": [], "reason": "No."},
        {"ids": ["x"] * 101, "reason": "No."},
        {"ids": "x", "reason": "No."},
        {"ids": ["x"]},
        {"ids": ["x"], "reason": " "},
        {"ids": ["x"], "reason": "a\0b"},
        {"ids": ["x"], "reason": "No.", "hidden": True},
    ],
)
async def test_a_batch_that_is_none_is_refused(ask, admin, refusal, wrong):
    assert refusal(await ask("POST", f"{HERE}/hide", wrong, by=admin)) == (422, "invalid")


async def test_reviews_are_listed_newest_first_and_page_by_page(ask, admin, review, hide, club_of):
    people = await club_of(*(f"Member {number}" for number in range(5)))
    ids = [await review(person, f"Review {number}") for number, person in enumerate(people)]
    await review((await club_of("Silent"))[0], None)
    await hide(ids[1])
    pages, cursor = [], ""
    while cursor is not None:
        page = (await ask("GET", f"{HERE}?limit=2{cursor and f'&cursor={cursor}'}", by=admin)).json()
        pages, cursor = [*pages, [each["id"] for each in page["items"]]], page["next_cursor"]
    assert pages == [[ids[4], ids[3]], [ids[2], ids[1]], [ids[0]]]
    for hidden, expected in (("true", [ids[1]]), ("false", [ids[4], ids[3], ids[2], ids[0]])):
        found = (await ask("GET", f"{HERE}?hidden={hidden}", by=admin)).json()["items"]
        assert [each["id"] for each in found] == expected


@pytest.mark.parametrize("wrong", ["hidden=perhaps", "limit=0", "limit=101"])
async def test_what_cannot_be_listed_is_refused(ask, admin, refusal, wrong):
    assert refusal(await ask("GET", f"{HERE}?{wrong}", by=admin)) == (422, "invalid")
    assert refusal(await ask("GET", f"{HERE}?cursor=x", by=admin)) == (422, "bad_cursor")
