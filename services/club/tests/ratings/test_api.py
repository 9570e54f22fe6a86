"""Rating over HTTP, and what is told of ratings."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from club.models import Rating
from contracts.ratings import RatingGiven

SAID = {"favorite_track": "River", "review": "I wish I had a river."}


async def ratings_there(stage):
    async with stage.db.transaction() as tx:
        return (await tx.scalars(select(Rating).order_by(Rating.id))).all()


async def test_a_rating_is_given_and_announced_whole(rate, announced, club_of, week):
    (ida,) = await club_of("Ida")
    answer = await rate(week, ida, 4.5, **SAID)
    told = answer.json()
    assert answer.status_code == 201
    assert {name: told[name] for name in ("rating", *SAID)} == {"rating": 4.5, **SAID}
    assert (told["week_id"], told["user"]["discord_id"]) == (str(week), ida.discord_id)
    (event,) = await announced(RatingGiven)
    assert (event.user_id, event.rating, event.review) == (ida.user_id, 9, SAID["review"])
    assert event.visible_from is None
    assert (event.withdrawn, event.review_hidden) == (False, False)


async def test_the_same_rating_again_changes_and_announces_nothing(rate, announced, club_of, week):
    (ida,) = await club_of("Ida")
    first = await rate(week, ida, 4.5, **SAID)
    for again in ({}, SAID, {"review": SAID["review"]}):
        answer = await rate(week, ida, 4.5, **again)
        assert (answer.status_code, answer.json()) == (200, first.json())
    assert len(await announced(RatingGiven)) == 1


async def test_a_repeat_changes_what_it_carries_and_empties_what_it_carries_as_null(rate, announced, club_of, week):
    (ida,) = await club_of("Ida")
    await rate(week, ida, 4.5, **SAID)
    told = (await rate(week, ida, 3, favorite_track=None)).json()
    assert (told["rating"], told["favorite_track"], told["review"]) == (3.0, None, SAID["review"])
    before, after = await announced(RatingGiven)
    assert after.version > before.version
    assert (after.rating, after.favorite_track, after.review) == (6, None, SAID["review"])


async def test_before_a_winner_there_is_nothing_to_rate(stage, rate, announced, club_of, a_week, refusal):
    (ida,), week = await club_of("Ida"), await a_week()
    assert refusal(await rate(week, ida, 4)) == (409, "no_winner")
    assert (await ratings_there(stage), await announced(RatingGiven)) == ([], [])


async def test_a_week_that_is_not_there_has_no_ratings(ask, rate, club_of, refusal):
    (ida,), nowhere = await club_of("Ida"), uuid4()
    assert refusal(await rate(nowhere, ida, 4)) == (404, "no_such_week")
    for path in ("ratings", "ratings/summary"):
        assert refusal(await ask("GET", f"/club/weeks/{nowhere}/{path}")) == (404, "no_such_week")


async def test_ratings_of_a_former_winner_are_kept_and_neither_listed_nor_counted(
    stage, ask, rate, announced, club_of, record, week
):
    (ida, ben), hejira = await club_of("Ida", "Ben"), await record("Hejira", year=1976)
    for person in (ida, ben):
        await rate(week, person, 4.5, **SAID)
    await ask("PATCH", f"/club/weeks/{week}", {"winner_album_id": str(hejira.album_id)})
    assert (await ask("GET", f"/club/weeks/{week}/ratings")).json()["items"] == []
    assert (await ask("GET", f"/club/weeks/{week}/ratings/summary")).json()["count"] == 0
    moved = (await rate(week, ida, 2, favorite_track="Coyote")).json()
    assert (moved["album_id"], moved["favorite_track"], moved["review"]) == (str(hejira.album_id), "Coyote", None)
    assert [each["rating"] for each in (await ask("GET", f"/club/weeks/{week}/ratings")).json()["items"]] == [2.0]
    assert [rating.half_steps for rating in await ratings_there(stage)] == [4, 9]
    assert (await announced(RatingGiven))[-1].album_id == hejira.album_id


async def test_a_member_rates_for_themself_and_sees_no_discord_id(ask, sign, club_of, week):
    (ida,) = await club_of("Ida")
    answer = await ask("POST", f"/club/weeks/{week}/ratings", {"rating": 5}, by=sign("user", str(ida.user_id)))
    assert answer.status_code == 201
    assert (answer.json()["user"]["id"], answer.json()["user"]["discord_id"]) == (str(ida.user_id), None)


async def test_who_may_not_speak_for_a_member_cannot_rate_for_them(stage, ask, sign, announced, club_of, week, refusal):
    ida, ben = await club_of("Ida", "Ben")
    named = {"user_id": str(ida.user_id)}
    cases = [
        (sign("anonymous"), named, 401, "unauthenticated"),
        (sign("user", str(ben.user_id)), named, 403, "only_for_yourself"),
        (sign("worker", scopes=["listens:write"]), named, 403, "key_too_weak"),
        (sign(), None, 422, "nobody_named"),
        ({}, named, 401, "bad_token"),
    ]
    for by, user, *expected in cases:
        answer = await ask("POST", f"/club/weeks/{week}/ratings", {"user": user, "rating": 4}, by=by)
        assert refusal(answer) == tuple(expected)
    assert (await ratings_there(stage), await announced(RatingGiven)) == ([], [])


@pytest.mark.parametrize(
    ("typed", "half_steps"),
    [(1, 2), (5.0, 10), (4.5, 9), ("4,5", 9), (" 4.5 ", 9), ("3", 6), ("4.50", 9), ("5.0", 10)],
)
async def test_ratings_go_from_one_to_five_in_halves(stage, rate, club_of, week, typed, half_steps):
    (ida,) = await club_of("Ida")
    assert (await rate(week, ida, typed)).json()["rating"] == half_steps / 2
    assert [rating.half_steps for rating in await ratings_there(stage)] == [half_steps]


@pytest.mark.parametrize(
    "wrong",
    [
        0.5,
        5.5,
        4.25,
        0,
        -1,
        10**400,
        True,
        None,
        [4],
        {"rating": 4},
        float("nan"),
        float("inf"),
        "4.5/5",
        "½",
        "4½",
        "1e0",
        "4.5e0",
        "+4",
        "4.",
        ".5",
        "0.5",
        "4 ,5",
        "4.5\u200b",
        "\uff14",
        "⭐⭐⭐⭐",
        "\u0664.\u0665",
        "\u0664",
        "",
        "NaN",
        "5.5",
        "4.25",
    ],
)
async def test_any_other_rating_is_refused_and_none_is_given(stage, rate, announced, club_of, week, refusal, wrong):
    (ida,) = await club_of("Ida")
    assert refusal(await rate(week, ida, wrong)) == (422, "invalid")
    assert (await ratings_there(stage), await announced(RatingGiven)) == ([], [])


@pytest.mark.parametrize("typed", ["4.5/5", "4½", "★★★★½", "\u0664.\u0665"])
async def test_what_people_type_otherwise_is_read_by_the_parser_and_then_taken(
    ask, rate, club_of, week, refusal, typed
):
    (ida,) = await club_of("Ida")
    assert refusal(await rate(week, ida, typed)) == (422, "invalid")
    read = (await ask("POST", "/club/parse/rating", {"text": typed})).json()
    assert (await rate(week, ida, read["rating"])).json()["rating"] == 4.5


@pytest.mark.parametrize(
    "review",
    [
        "<script>alert(1)</script> **bold** <@175928847299117063> @everyone",
        "zero\u200bwidth \u202eright to left\u202c אבג 🎧",
        "x" * 2001,
        "x" * 4000,
        "🎧" * 4000,
        "# Loud\n\n> a *quotation*\n\n||spoiler|| [link](https://music.example/track/1) `code`",
        "a\u200bb\u200dc\ufeffd",
        "\u0645\u0645\u062a\u0627\u0632 \u202bright\u202c \u2067to\u2069 left\u200f!",
        "line\nby\nline",
        "'; DROP TABLE ratings; --",
        "\\u0000 spelled out",
    ],
)
async def test_a_review_is_kept_as_it_was_written(ask, rate, announced, club_of, week, review):
    (ida,) = await club_of("Ida")
    answer = await rate(week, ida, 4, review=review)
    assert (answer.status_code, answer.json()["review"]) == (201, review)
    assert (await announced(RatingGiven))[0].review == review
    (listed,) = (await ask("GET", f"/club/weeks/{week}/ratings")).json()["items"]
    assert listed["review"] == review


async def test_a_favourite_track_need_not_be_on_the_record(rate, club_of, week):
    (ida,) = await club_of("Ida")
    track = "the one with the <b>dulcimer</b> 🎶 (side two?)"
    assert (await rate(week, ida, 4, favorite_track=f"  {track}\n")).json()["favorite_track"] == track


@pytest.mark.parametrize(
    "wrong",
    [
        {"review": "x" * 4001},
        {"review": "a\0b"},
        {"review": "\ud83c"},
        {"review": " \n"},
        {"review": 7},
        {"favorite_track": "x" * 501},
        {"favorite_track": "a\0b"},
        {"favourite_track": "River"},
        {"\ud800": 1},
        {"user": {"discord_id": 175928847299117063}},
        {"user": {"discord_id": "7", "user_id": str(uuid4())}},
    ],
)
async def test_what_is_no_review_is_refused_and_no_rating_is_given(stage, rate, club_of, week, refusal, wrong):
    (ida,) = await club_of("Ida")
    assert refusal(await rate(week, ida, 4, **wrong)) == (422, "invalid")
    assert await ratings_there(stage) == []


async def test_ratings_come_newest_first_and_page_by_page_each_once(ask, rate, club_of, week):
    people = await club_of(*(f"Member {number}" for number in range(7)))
    for number, person in enumerate(people):
        await rate(week, person, 1 + number / 2)
    seen, cursor = [], ""
    while cursor is not None:
        page = (await ask("GET", f"/club/weeks/{week}/ratings?limit=3{cursor and f'&cursor={cursor}'}")).json()
        assert len(page["items"]) <= 3
        seen, cursor = seen + page["items"], page["next_cursor"]
    assert [each["rating"] for each in seen] == [4.0, 3.5, 3.0, 2.5, 2.0, 1.5, 1.0]
    assert [each["user"]["display_name"] for each in seen] == [person.display_name for person in reversed(people)]


async def test_an_anonymous_listing_names_nobody(ask, rate, club_of, week):
    ida, ben = await club_of("Ida", "Ben")
    for person in (ida, ben):
        await rate(week, person, 4, review="Lovely.")
    answer = await ask("GET", f"/club/weeks/{week}/ratings?anonymous=true")
    assert [each["user"] for each in answer.json()["items"]] == [None, None]
    for person in (ida, ben):
        assert not [word for word in person.model_dump(mode="json").values() if str(word) in answer.text and word != 1]


async def test_long_reviews_are_cut_where_one_asks_for_it(ask, rate, club_of, week):
    (ida,) = await club_of("Ida")
    await rate(week, ida, 4, review="I wish I had a river")
    for truncate, review in ((6, "I wish…"), (20, "I wish I had a river"), (4000, "I wish I had a river")):
        (told,) = (await ask("GET", f"/club/weeks/{week}/ratings?truncate={truncate}")).json()["items"]
        assert told["review"] == review


async def test_strangers_read_ratings_without_discord_ids(ask, sign, rate, close, club_of, week):
    (ida,) = await club_of("Ida")
    await rate(week, ida, 4)
    await close(week)
    (told,) = (await ask("GET", f"/club/weeks/{week}/ratings", by=sign("anonymous"))).json()["items"]
    assert (told["user"]["display_name"], told["user"]["discord_id"]) == ("Ida", None)


@pytest.mark.parametrize(
    "wrong", ["truncate=0", "truncate=4001", "truncate=x", "limit=0", "limit=101", "anonymous=perhaps"]
)
async def test_what_cannot_be_asked_for_is_refused(ask, refusal, week, wrong):
    assert refusal(await ask("GET", f"/club/weeks/{week}/ratings?{wrong}")) == (422, "invalid")


@pytest.mark.parametrize("cursor", ["x", "WzFd", "WyJ4Il0", "W251bGxd", "%00", "Ä", "e30"])
async def test_a_cursor_that_is_not_ours_is_refused(ask, refusal, week, cursor):
    assert refusal(await ask("GET", f"/club/weeks/{week}/ratings?cursor={cursor}")) == (422, "bad_cursor")


async def test_the_summary_has_every_figure_and_nine_bins(ask, rate, club_of, week):
    people = await club_of("Ida", "Ben", "Cleo", "Dov")
    for person, rating in zip(people, (4, 4.5, 1, 4.5), strict=True):
        await rate(week, person, rating)
    summary = (await ask("GET", f"/club/weeks/{week}/ratings/summary")).json()
    counts = {1.0: 1, 4.0: 1, 4.5: 2}
    assert summary == {
        "average": 3.5,
        "bayesian_average": 3.5,
        "count": 4,
        "median": 4.25,
        "deviation": 1.46,
        "divisiveness": 0.61,
        "histogram": [{"rating": step / 2, "count": counts.get(step / 2, 0)} for step in range(2, 11)],
        "participation": {"rated": 4, "members": 4},
        "hidden": False,
    }


async def test_the_bayesian_average_leans_on_what_the_club_shows(ask, rate, close, another_week, club_of, week):
    ida, ben = await club_of("Ida", "Ben")
    earlier, of_others = await another_week(2), await another_week(1)
    for person in (ida, ben):
        await rate(earlier, person, 2)
    # Not yet shown, so nothing leans on it.
    await rate(of_others, ida, 5)
    await rate(week, ida, 5)
    summary = f"/club/weeks/{week}/ratings/summary"
    assert (await ask("GET", summary)).json()["bayesian_average"] == 5.0
    await close(earlier)
    assert (await ask("GET", summary)).json()["bayesian_average"] == 2.5


async def test_participation_counts_the_roster_where_there_is_one(ask, rate, club_of, week):
    ida, ben, _ = await club_of("Ida", "Ben", "Cleo")
    await rate(week, ida, 4)
    summary = f"/club/weeks/{week}/ratings/summary"
    assert (await ask("GET", summary)).json()["participation"] == {"rated": 1, "members": 3}
    roster = [{"user": {"user_id": str(each.user_id)}} for each in (ida, ben)]
    await ask("PUT", "/club/members", {"members": roster})
    assert (await ask("GET", summary)).json()["participation"] == {"rated": 1, "members": 2}


async def test_ratings_can_be_announced_again_as_they_stand(stage, rate, announced, club_of, week):
    (ida,) = await club_of("Ida")
    await rate(week, ida, 4.5, **SAID)
    announcer = stage.app.state.announcers["rating"]
    async with stage.db.transaction() as tx:
        again = await announcer.state(tx, (await tx.scalars(select(Rating))).all())
    assert again == await announced(RatingGiven)
