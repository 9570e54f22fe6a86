"""Clubs over HTTP."""

import pytest

from contracts.clubs import ClubRules

DEFAULTS = ClubRules().model_dump(mode="json")


@pytest.fixture
def decide(ask, sign):
    async def put(slug, by=None, **club):
        return await ask("PUT", f"/clubs/{slug}", club, by or sign("admin"))

    return put


async def test_there_is_a_default_club_that_works_without_settings(ask, sign):
    club = (await ask("GET", "/clubs/main", by=sign("anonymous"))).json()
    assert (club["slug"], club["timezone"], club["guild_id"], club["rules"]) == ("main", "UTC", None, DEFAULTS)


async def test_a_club_is_made_once_and_then_changed_by_what_is_carried(ask, decide):
    first = await decide("blue-notes", name="Blue Notes", guild_id="193842067721486337", timezone="Europe/Berlin")
    assert first.status_code == 201
    again = await decide("blue-notes", rules={"self_votes": True, "rhythm": {"time": "21:30"}})
    assert (again.status_code, again.json()["name"]) == (200, "Blue Notes")
    last = (await decide("blue-notes", guild_id=None, name=None, rules={"rhythm": {"weekday": "sunday"}})).json()
    assert (last["name"], last["guild_id"], last["timezone"]) == ("Blue Notes", None, "Europe/Berlin")
    rhythm = DEFAULTS["rhythm"] | {"time": "21:30", "weekday": "sunday"}
    assert last["rules"] == DEFAULTS | {"self_votes": True, "rhythm": rhythm}
    assert (await ask("GET", "/clubs/blue-notes")).json() == last


async def test_the_same_again_changes_nothing(decide):
    first = await decide("blue-notes", name="Blue Notes", rules={"album_rest": 52})
    again = await decide("blue-notes", name="Blue Notes", rules={"album_rest": 52})
    assert again.json() == first.json()


async def test_clubs_are_listed_oldest_first_page_by_page(ask, decide):
    for slug in ("zeal", "alto"):
        await decide(slug)
    page = (await ask("GET", "/clubs?limit=2")).json()
    rest = (await ask("GET", f"/clubs?limit=2&cursor={page['next_cursor']}")).json()
    assert [each["slug"] for each in page["items"] + rest["items"]] == ["main", "zeal", "alto"]
    assert rest["next_cursor"] is None


async def test_only_an_admin_decides_over_clubs(ask, decide, sign, refusal):
    for by, status, code in [
        (sign("anonymous"), 401, "unauthenticated"),
        (sign("user"), 403, "admins_only"),
        (sign(), 403, "admins_only"),
    ]:
        assert refusal(await decide("blue-notes", by=by, name="x")) == (status, code)
    assert refusal(await ask("GET", "/clubs/blue-notes")) == (404, "no_such_club")


@pytest.mark.parametrize(
    "wrong",
    [
        {"timezone": "Europe/Atlantis"},
        {"timezone": "../../etc/passwd"},
        {"timezone": "a\0b"},
        {"name": " "},
        {"guild_id": 7},
        {"rules": {"nominations_per_member": 0}},
        {"rules": {"nominations_per_member": True}},
        {"rules": {"album_rest": "never"}},
        {"rules": {"rhythm": {"time": "24:00"}}},
        {"rules": {"rhythm": {"weekday": 1}}},
        {"rules": {"selfvotes": True}},
        {"rules": {"tie_policy": None}},
    ],
)
async def test_what_is_no_rule_is_refused(ask, decide, refusal, wrong):
    assert refusal(await decide("blue-notes", **wrong)) == (422, "invalid")
    assert refusal(await ask("GET", "/clubs/blue-notes")) == (404, "no_such_club")


@pytest.mark.parametrize("slug", ["Main", "-x", "a_b", "x" * 41, "7", "%00"])
async def test_a_slug_is_short_and_plain(decide, refusal, slug):
    assert refusal(await decide(slug)) == (422, "invalid")
