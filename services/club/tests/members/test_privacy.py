"""Who sees by whom a rating is."""

import json

import pytest

from club.members.privacy import Reader
from contracts.privacy import Privacy


@pytest.fixture
async def raters(ask, a_week, record, club_of, deliver, rules):
    """A week whose ratings everybody sees: Ida shows how she rates, Ben to members, Cleo to nobody."""
    await rules(rating_visibility="always")
    ida, ben, cleo = await club_of("Ida", "Ben", "Cleo")
    for person, audience in ((ben, "members"), (cleo, "private")):
        await deliver(person.model_copy(update={"version": 2, "privacy": Privacy(ratings=audience)}))
    week, blue = await a_week(3), await record("Blue")
    await ask("PATCH", f"/club/weeks/{week}", {"winner_album_id": str(blue.album_id)})
    for person, rating in ((ida, 5), (ben, 4), (cleo, 1)):
        body = {"user": {"user_id": str(person.user_id)}, "rating": rating, "review": f"{person.display_name}'s"}
        assert (await ask("POST", f"/club/weeks/{week}/ratings", body)).status_code == 201
    return f"/club/weeks/{week}/ratings", ida, ben, cleo


@pytest.fixture
def readers(sign):
    """Everybody there is to read, with those whom they are shown as raters."""

    def all_of(ida, ben, cleo):
        me = [sign("user", str(person.user_id)) for person in (ida, ben, cleo)]
        everybody, members = {"Ida", "Ben", "Cleo"}, {"Ida", "Ben"}
        return [
            (sign("anonymous"), {"Ida"}),
            (sign("user"), members),
            (sign("worker", scopes=["listens:write"]), members),
            (me[0], members),
            (me[2], everybody),
            (sign(), everybody),
            (sign("admin"), everybody),
        ]

    return all_of


async def test_ratings_are_listed_with_those_who_show_it_and_all_of_them_count(ask, raters, readers):
    at, *people = raters
    for by, shown in readers(*people):
        items = (await ask("GET", at, by=by)).json()["items"]
        assert [(each["rating"], each["review"]) for each in items] == [(1, "Cleo's"), (4, "Ben's"), (5, "Ida's")]
        assert {each["user"]["display_name"] for each in items if each["user"]} == shown
        assert (await ask("GET", f"{at}/summary", by=by)).json()["average"] == 3.33


async def test_a_rating_is_found_by_its_rater_by_those_they_show_it_to(ask, raters, readers, refusal, deliver, club_of):
    at, *people = raters
    (dan,) = await club_of("Dan")
    await deliver(dan.model_copy(update={"version": 2, "privacy": Privacy(ratings="private")}))
    for by, shown in readers(*people):
        for person in people:
            answer = await ask("GET", f"{at}/{person.user_id}", by=by)
            if person.display_name in shown:
                assert answer.json()["user"]["display_name"] == person.display_name
            else:
                assert refusal(answer) == (403, "ratings_private")
        # Who shows nothing does not show that there is nothing either.
        if "Cleo" not in shown:
            assert refusal(await ask("GET", f"{at}/{dan.user_id}", by=by)) == (403, "ratings_private")


async def test_a_host_sees_who_rated(ask, raters, sign):
    at, ida, ben, cleo = raters
    members = [{"user": {"user_id": str(person.user_id)}} for person in (ben, cleo)]
    host = [{"user": {"user_id": str(ida.user_id)}, "role": "host"}]
    await ask("PUT", "/club/members", {"members": members + host})
    items = (await ask("GET", at, by=sign("user", str(ida.user_id)))).json()["items"]
    assert {each["user"]["display_name"] for each in items} == {"Ida", "Ben", "Cleo"}


async def test_pages_and_statistics_say_nothing_of_how_they_rate_who_do_not_show_it(ask, raters, readers):
    _, *people = raters
    for by, shown in readers(*people):
        stats = (await ask("GET", "/club/stats", by=by)).json()
        assert {each["user"]["display_name"] for each in stats["averages"]} == shown
        assert {each["user"]["display_name"] for each in stats["attendance"]} == shown
        assert (stats["ratings"], stats["average"]) == (3, 3.33)
        for person in people:
            page = (await ask("GET", f"/club/members/{person.user_id}", by=by)).json()
            seen = person.display_name in shown
            assert (page["averages"]["ratings_given"], page["attendance"]["rated_of"]) == ((1, 1) if seen else (0, 0))
            assert (page["harshest"] or page["most_generous"] is not None) if seen else page["harshest"] is None


async def test_another_view_is_no_304(ask, client, raters, sign):
    at, *_ = raters
    etag = (await client.get(at, headers=sign("anonymous"))).headers["etag"]
    for by, status in ((sign("anonymous"), 304), (sign("user"), 200)):
        assert (await client.get(at, headers=by | {"If-None-Match": etag})).status_code == status


async def test_to_show_less_holds_as_soon_as_it_is_told(ask, client, sign, raters):
    at, ida, *_ = raters
    told = ida.model_copy(update={"version": 9, "privacy": Privacy(ratings="private")})
    body = json.loads(told.model_dump_json())
    for kind in ("anonymous", "user", "bot", "worker", "admin"):
        assert (await client.post("/internal/members/privacy", json=body, headers=sign(kind))).status_code == 403
    answer = await client.post("/internal/members/privacy", json=body, headers=sign("service", "catalog"))
    assert answer.status_code == 200
    shown = (await ask("GET", at, by=sign("anonymous"))).json()["items"]
    assert [each["user"] for each in shown] == [None] * 3


async def test_what_was_told_late_does_not_show_more_again(ask, client, sign, raters, deliver):
    at, ida, *_ = raters
    told = ida.model_copy(update={"version": 9, "privacy": Privacy(ratings="private")})
    await client.post("/internal/members/privacy", json=json.loads(told.model_dump_json()), headers=sign("service"))
    await deliver(ida.model_copy(update={"version": 8}))
    assert {each["user"] for each in (await ask("GET", at, by=sign("anonymous"))).json()["items"]} == {None}


@pytest.mark.parametrize(
    ("reader", "audiences"),
    [
        (Reader(None, signed_in=False, hosts=False), {"public"}),
        (Reader(None, signed_in=True, hosts=False), {"public", "members"}),
        (Reader(None, signed_in=True, hosts=True), {"public", "members", "private"}),
    ],
)
def test_a_reader_sees_what_is_for_them(reader, audiences):
    assert set(reader.audiences) == audiences
