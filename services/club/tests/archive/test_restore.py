"""Restoring what another deployment exported: refused with the reason and the place, or done; never by half."""

import copy
import json
from uuid import uuid4

import pytest

from chassis.errors import Conflict, Unavailable
from chassis.testing import Scripted
from contracts.identity import UserMerged


@pytest.fixture
def nothing_written(stage, ask, announced, owners, sign):
    """`await nothing_written()`: the club that was asked for is not there, and nobody was told anything."""

    async def check(slug="second"):
        assert (await ask("GET", f"/clubs/{slug}")).status_code == 404
        assert (await ask("GET", "/admin/audit?action=club.restored", by=sign("admin"))).json()["items"] == []

    return check


def adopted(owners):
    """Whether an owner was asked for more than what would be."""
    return any(not body["only_ask"] for owner in owners.values() for _, body in owner.asked)


async def test_a_club_of_elsewhere_is_made_with_all_it_has(elsewhere, restore, ask, announced, owners):
    before = len(await announced())
    answer = await restore(elsewhere, "second")
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["club"]["slug"], told["rows"]["weeks"], told["rows"]["ballots"]) == ("second", 2, 2)
    assert told["announced"] == {"nomination": 3, "vote": 2, "rating": 1, "week": 2, "result": 1, "roster": 0}
    assert len(await announced()) == before + 9
    weeks = (await ask("GET", "/clubs/second/weeks")).json()["items"]
    assert [(week["number"], week["winner"] and week["winner"]["title"]) for week in weeks] == [(8, None), (7, "Blue")]
    # Its ids are others than were sealed: that is told, and is no reason to lose it.
    assert (told["verified"], [each["number"] for each in told["results"]]) == (0, [7])
    assert told["results"][0]["faults"]


async def test_what_it_gives_is_what_it_was_given(elsewhere, restore, export):
    await restore(elsewhere, "second")
    again = json.loads((await export("/clubs/second/export")).content)
    for name, rows in again.items():
        ordered = rows if not isinstance(rows, list) else sorted(map(json.dumps, rows))
        given = elsewhere[name]
        assert ordered == (given if not isinstance(given, list) else sorted(map(json.dumps, given))), name


@pytest.mark.parametrize("kind", ["user", "bot", "worker"])
async def test_only_admins_restore(elsewhere, restore, sign, refusal, nothing_written, owners, kind):
    assert refusal(await restore(elsewhere, "second", by=sign(kind))) == (403, "admins_only")
    assert not any(owner.asked for owner in owners.values())
    await nothing_written()


async def test_who_is_not_signed_in_is_told_so(restore, sign, refusal):
    assert refusal(await restore(b"not even JSON", by=sign("anonymous"))) == (401, "unauthenticated")


async def test_a_club_with_weeks_is_left_alone(elsewhere, restore, refusal, export, owners):
    before = (await export()).content
    assert refusal(await restore(elsewhere)) == (409, "club_not_empty")
    assert (await export()).content == before
    assert not any(owner.asked for owner in owners.values())


async def test_what_a_club_has_without_weeks_gives_way(elsewhere, restore, ask, sign, club_of):
    (ida,) = await club_of("Ida")
    await ask("PUT", "/clubs/second", {"name": "Second", "rules": {"self_votes": True}}, by=sign("admin"))
    user = {"user_id": str(ida.user_id)}
    await ask("PUT", "/clubs/second/members", {"members": [{"user": user, "role": "host"}]}, by=sign("admin"))
    answer = await restore(elsewhere, "second")
    club = (await ask("GET", "/clubs/second")).json()
    assert (club["name"], club["rules"]["self_votes"]) == ("The club", False)
    (entry,) = (await ask("GET", "/admin/audit?action=club.restored", by=sign("admin"))).json()["items"]
    assert (entry["before"]["name"], entry["before"]["rows"]) == ("Second", {"roster": 1})
    assert entry["after"]["rows"] == answer.json()["rows"]


async def test_what_is_here_already_is_not_taken_twice(elsewhere, restore, refusal, nothing_written):
    await restore(elsewhere, "second")
    assert refusal(await restore(elsewhere, "third")) == (409, "already_here")
    weeks = copy.deepcopy(elsewhere)
    fresh = json.dumps(weeks)
    for week in elsewhere["weeks"]:
        fresh = fresh.replace(week["id"], str(uuid4()))
    # The weeks are others, but their nominations are not.
    assert refusal(await restore(json.loads(fresh), "third")) == (409, "already_here")
    assert (await restore(elsewhere, "second")).json()["code"] == "club_not_empty"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"7",
        b'"text"',
        b"{}",
        b'{"format": "other"}',
        b"\xff\xfe",
        b'{"a": NaN}',
        b"[" * 5_000,
    ],
)
async def test_what_is_no_export_is_told_so(restore, refusal, nothing_written, body):
    assert refusal(await restore(body, "second")) == (422, "no_export")
    await nothing_written()


@pytest.mark.parametrize("schema", [0, -1, "5", 5.0, True, None])
async def test_a_schema_is_a_number(elsewhere, restore, refusal, schema):
    answer = await restore(elsewhere | {"schema": schema}, "second")
    assert refusal(answer) == (422, "broken_export")
    assert answer.json()["detail"].startswith("schema: ")


async def test_an_export_of_a_newer_release_is_refused(elsewhere, restore, refusal, nothing_written):
    answer = await restore(elsewhere | {"schema": elsewhere["schema"] + 1, "what": "no release knows yet"}, "second")
    assert refusal(answer) == (409, "newer_export")
    await nothing_written()


async def test_an_older_release_is_not_held_to_what_it_did_not_know(elsewhere, restore):
    del elsewhere["bars"]
    for rating in elsewhere["ratings"]:
        del rating["review_hidden_reason"]
    assert (await restore(elsewhere, "second")).status_code == 422
    answer = await restore(elsewhere | {"schema": elsewhere["schema"] - 1}, "second")
    assert (answer.status_code, answer.json()["rows"]["bars"]) == (200, 0)


def without(name, *path):
    def change(document):
        for step in path:
            document = document[step]
        del document[name]

    return change


def with_(value, *path):
    def change(document):
        *way, last = path
        for step in way:
            document = document[step]
        document[last] = value

    return change


def twice(name):
    return lambda document: document[name].append(document[name][0])


STRANGER = str(uuid4())
BROKEN = {
    "a list is missing": (without("ratings"), "ratings: It is missing."),
    "people are missing": (without("people"), "people: It is missing."),
    "the club is missing": (without("club"), "club: It is missing."),
    "a list that nobody knows": (with_([], "sneaky"), "sneaky: This release knows no such list."),
    "a list is none": (with_({}, "weeks"), "weeks: It must be a list."),
    "a row is none": (with_(7, "weeks", 1), "weeks, row 1: It must be an object."),
    "a column is missing": (without("kind", "weeks", 1), "weeks, row 1, kind: It is missing."),
    "a column nobody knows": (
        with_(1, "weeks", 0, "sneaky"),
        "weeks, row 0, sneaky: This release knows no such column.",
    ),
    "the address of the club": (with_(STRANGER, "weeks", 0, "club_id"), "weeks, row 0, club_id: "),
    "a version": (with_(9, "weeks", 0, "version"), "weeks, row 0, version: "),
    "a generated column": (with_(None, "weeks", 0, "due_at"), "weeks, row 0, due_at: "),
    "no id of a week": (with_("7", "weeks", 0, "id"), ""),
    "a nomination of no week": (
        with_(STRANGER, "nominations", 1, "week_id"),
        "nominations, row 1, week_id: There is no",
    ),
    "a member who is not among the people": (with_(STRANGER, "ballots", 1, "user_id"), "ballots, row 1, user_id: "),
    "an album that is not there": (with_(STRANGER, "ratings", 0, "album_id"), "ratings, row 0, album_id: "),
    "an id that is none": (with_(["x"], "ratings", 0, "week_id"), "ratings, row 0, week_id: This names no row."),
    "a link of no ballot": (with_(STRANGER, "ballot_links", 0, "ballot_ref"), "ballot_links, row 0, ballot_ref: "),
    "a winner that nobody nominated": (with_(STRANGER, "weeks", 0, "winner_nomination_id"), "weeks, row 0, winner_"),
    "a number that is none": (with_("seven", "weeks", 0, "number"), "weeks: "),
    "a number beyond all": (with_(10**12, "weeks", 0, "number"), "weeks: "),
    "null where there must be something": (with_(None, "weeks", 0, "number"), "weeks: "),
    "a phase that nobody knows": (with_("asleep", "weeks", 0, "phase"), "weeks: "),
    "two weeks of one number": (with_(8, "weeks", 0, "number"), "weeks: "),
    "a time that is none": (with_("some day", "weeks", 0, "created_at"), "weeks: "),
    "bytes that are none": (with_("\\xzz", "polls", 0, "seed"), "polls: "),
    "a NUL": (with_("a\0b", "ratings", 0, "review"), "ratings: "),
    "half a step too much": (with_(11, "ratings", 0, "half_steps"), "ratings: "),
    "a row twice": (twice("nominations"), "nominations: "),
    "a week twice": (twice("weeks"), "weeks: "),
    "an outcome that is none": (with_({}, "results", 0, "outcome"), "results: "),
    "an outcome of others": (with_(STRANGER, "results", 0, "outcome", "items", 0, "nomination_id"), "results: "),
    "a nomination without who leads it": (without(0, "nominators"), "nominations: "),
    "a result without a poll": (with_([], "polls"), "results: "),
    "a club without a name": (with_("", "club", "name"), "club, name: "),
    "a rule that nobody knows": (with_({"sneaky": 1}, "club", "rules"), "club, rules, sneaky: "),
    "a zone that nobody knows": (with_("Nowhere/Else", "club", "timezone"), "club, timezone: "),
    "a person without a name": (with_("", "people", 1, "display_name"), "people, row 1, display_name: "),
    "a person with more": (with_(1, "people", 0, "sneaky"), "people, row 0, sneaky: "),
    "a Discord id that is a number": (with_(7, "people", 0, "discord_id"), "people, row 0, discord_id: "),
    "an album without artists": (with_([], "albums", 2, "artists"), "albums, row 2, artists: "),
    "an album with a script": (with_("javascript:x", "albums", 0, "cover_url"), "albums, row 0, cover_url: "),
}


@pytest.mark.parametrize("what", BROKEN)
async def test_it_is_refused_with_the_place_and_nothing_is_written_when_there_is(
    elsewhere, restore, refusal, nothing_written, what
):
    change, place = BROKEN[what]
    change(elsewhere)
    answer = await restore(elsewhere, "second")
    assert refusal(answer) == (422, "broken_export")
    assert answer.json()["detail"].startswith(place)
    await nothing_written()


async def test_nothing_reaches_into_another_club(elsewhere, restore, booth, refusal, nothing_written):
    own = booth.week.rpartition("/")[2]
    for name in ("nominations", "ballots", "ratings", "refs", "polls"):
        for row in elsewhere[name][:1]:
            row["week_id"] = own
    assert refusal(await restore(elsewhere, "second")) == (422, "broken_export")
    await nothing_written()


@pytest.mark.parametrize(
    ("owner", "path", "code"),
    [("identity", "users", "people_differ"), ("catalog", "albums", "albums_differ")],
)
async def test_whoever_is_somebody_else_here_is_named_and_nobody_is_adopted(
    elsewhere, restore, owners, stage, refusal, nothing_written, owner, path, code
):
    said = "Some of them are others here: 019ab6e1-1111-7111-8111-111111111111."
    owners[owner] = Scripted({f"POST /internal/{path}/adopt": Conflict(said)})
    stage.app.state.neighbours[owner] = owners[owner]
    answer = await restore(elsewhere, "second")
    assert refusal(answer) == (409, code)
    assert answer.json()["detail"] == said
    assert not adopted(owners)
    await nothing_written()


async def test_an_owner_who_is_away_is_waited_for(elsewhere, restore, stage, refusal, nothing_written):
    stage.app.state.neighbours["catalog"] = Scripted({"POST /internal/albums/adopt": Unavailable()})
    answer = await restore(elsewhere, "second")
    assert refusal(answer) == (503, "unavailable")
    assert answer.headers["retry-after"]
    await nothing_written()


async def test_what_the_owners_know_better_stands(elsewhere, restore, ask, owners, stage):
    def renamed(body):
        told = [] if body["only_ask"] else body["users"]
        return {"users": [{"user_id": each["id"], "version": 9, **each, "display_name": "Known"} for each in told]}

    stage.app.state.neighbours["identity"] = Scripted({"POST /internal/users/adopt": renamed})
    assert (await restore(elsewhere, "second")).status_code == 200
    members = (await ask("GET", "/clubs/second/members")).json()["items"]
    assert {each["user"]["display_name"] for each in members} == {"Known"}


async def test_many_people_are_asked_for_in_parts_and_albums_of_one_name_together(elsewhere, restore, owners):
    person, album = elsewhere["people"][0], elsewhere["albums"][0]
    elsewhere["people"] += [person | {"id": str(uuid4()), "discord_id": None} for _ in range(240)]
    elsewhere["albums"] += [album | {"id": str(uuid4())} for _ in range(130)]
    assert (await restore(elsewhere, "second")).status_code == 200
    asked = [len(body["users"]) for _, body in owners["identity"].asked if not body["only_ask"]]
    assert (max(asked), sum(asked)) == (100, len(elsewhere["people"]))
    named = [{each["title"] for each in body["albums"]} for _, body in owners["catalog"].asked if not body["only_ask"]]
    assert sum("Blue" in titles for titles in named) == 1


@pytest.mark.parametrize("slug", ["Main", "a_b", "-", "ä", "x" * 41])
async def test_a_club_needs_a_name_that_can_be_an_address(elsewhere, restore, refusal, slug):
    assert refusal(await restore(elsewhere, slug)) == (422, "invalid")


async def test_who_was_merged_since_is_the_survivor_in_what_is_restored(elsewhere, restore, deliver, ask):
    people = {each["display_name"]: each["id"] for each in elsewhere["people"]}
    await deliver(UserMerged(user_id=people["Ida"], survivor_id=people["Ben"], version=5))
    answer = await restore(elsewhere, "second")
    assert answer.status_code == 200, answer.text
    (week,) = [each for each in (await ask("GET", "/clubs/second/weeks")).json()["items"] if each["winner"]]
    rating = (await ask("GET", f"/clubs/second/weeks/{week['id']}/ratings")).json()["items"][0]
    assert (rating["rating"], rating["user"]["display_name"]) == (4, "Ben")
    members = (await ask("GET", "/clubs/second/members")).json()["items"]
    assert "Ida" not in {each["user"]["display_name"] for each in members}
