"""What a club keeps of somebody who left, in which they did everything."""

from uuid import uuid4

from sqlalchemy import text

from chassis.testing import Scripted
from club.models import Member, Rating
from club.proof.verification import faults
from contracts.clubs import RosterChanged
from contracts.ratings import RatingGiven
from contracts.results import Result, ResultComputed
from contracts.votes import VoteCast


async def test_nothing_names_who_left_anywhere(season, leave, named, stage):
    texts = ("All of Joni.", "More of Joni.", "Court, by Joni.", "Later, of Joni.", "Not my Joni.", "River")
    more = ("Ida voted twice.", "1442300000000000001", "1442300000000000007", *texts)
    assert {"members", "audit", "overrides", "rating_states", "nominators", "roster"} <= await named(season.ida, *more)
    former = await leave(season.ida)
    assert await named(season.ida, *more) == set()
    assert await named("Ben's own words.", "1442300000000000002") == {"nominators", "audit"}
    async with stage.db.transaction() as tx:
        member = await tx.get_one(Member, former)
    assert (member.display_name, member.discord_id, member.former) == ("A former member", None, True)


async def test_what_was_counted_stays_counted_and_verifies(season, leave, ask):
    reads = ("/result", "/ratings/summary", "/votes/summary")
    before = [(await ask("GET", f"{season.closed}{each}")).json() for each in reads]
    former = await leave(season.ida)
    after = [(await ask("GET", f"{season.closed}{each}")).json() for each in reads]
    result, summary, votes = after
    assert faults(Result.model_validate(result)) == []
    assert summary == before[1]
    for name in ("ballots", "participation", "winner", "root", "head", "leaves", "links", "number"):
        assert result[name] == before[0][name]
    points = [{name: item[name] for name in ("nomination_id", "points", "first_votes")} for item in result["items"]]
    assert points == [{name: item[name] for name in points[0]} for item in before[0]["items"]]
    assert [item["points"] for item in votes["items"]] == [item["points"] for item in before[2]["items"]]
    (court,) = [item for item in result["items"] if item["nomination_id"] == season.court]
    assert (court["nominator"]["id"], court["nominator"]["display_name"]) == (str(former), "A former member")
    assert [each["display_name"] for each in court["co_nominators"]] == ["Ben"]


async def test_in_an_open_poll_the_ballot_is_struck_by_a_link_of_its_own(season, leave, ask, announced, sign):
    former = await leave(season.ida)
    assert (await ask("GET", f"{season.open}/votes/summary")).json()["ballots"] == 1
    await ask("POST", f"{season.open}/advance", {"to": "discussing"})
    result = Result.model_validate((await ask("GET", f"{season.open}/result")).json())
    assert (faults(result), result.ballots, result.number) == ([], 1, 3)
    (empty,) = [leaf for leaf in result.leaves if leaf.first is None]
    (entry,) = (await ask("GET", "/admin/audit?action=member.left", by=sign("admin"))).json()["items"]
    (struck,) = entry["after"]["became"]["ballots"]["struck"]
    assert (entry["subject_id"], struck["ballot_ref"]) == (str(former), str(empty.ballot_ref))
    told = {each.user_id for each in await announced(VoteCast) if each.week_id == result.week_id}
    assert former not in told


async def test_ratings_stay_in_closed_weeks_without_words_and_elsewhere_go(season, leave, ask, announced, stage):
    ida, weeks = season.ida.user_id, [each.rpartition("/")[2] for each in (season.closed, season.open)]
    former = await leave(season.ida)
    (theirs,) = [each for each in await listed(ask, season.closed) if each["user"]["id"] == str(former)]
    assert (theirs["rating"], theirs["review"], theirs["favorite_track"]) == (4, None, None)
    one = (await ask("GET", f"{season.closed}/ratings/{former}")).json()
    assert one["diary"] == []
    assert {(each["review"], each["favorite_track"], each["ref"]) for each in one["history"]} == {(None, None, None)}
    assert [each["rating"] for each in one["history"]] == [2, 4.5, 4]
    assert [each["user"]["display_name"] for each in await listed(ask, season.open)] == ["Ben"]
    assert (await ask("GET", f"{season.open}/ratings/summary")).json()["average"] == 3
    newest = {}
    for each in sorted(await announced(RatingGiven), key=lambda each: each.version):
        newest[str(each.week_id), each.user_id] = (each.withdrawn, each.review)
    assert [newest[week, ida] for week in weeks] == [(True, None), (True, None)]
    assert (newest[weeks[0], former], (weeks[1], former) in newest) == ((False, None), False)
    async with stage.db.transaction() as tx:
        left = "SELECT count(*) FROM rating_states WHERE rating_id NOT IN (SELECT id FROM ratings)"
        assert await tx.scalar(text(left)) == 0


async def listed(ask, week):
    return (await ask("GET", f"{week}/ratings")).json()["items"]


async def test_who_left_is_on_no_roster_and_among_no_members(season, leave, ask, announced, rules, stage):
    former = await leave(season.ida)
    names = {each["user"]["display_name"] for each in (await ask("GET", "/club/members")).json()["items"]}
    assert names == {"Ben", "Cleo"}
    told = (await announced(RosterChanged))[-1]
    assert {each.user_id for each in told.members} == {season.ben.user_id, season.cleo.user_id}
    async with stage.db.transaction() as tx:
        await tx.execute(text("UPDATE clubs SET has_roster = false"))
        took_part = set(await tx.scalars(text("SELECT user_id FROM participants")))
    names = {each["user"]["display_name"] for each in (await ask("GET", "/club/members")).json()["items"]}
    assert names == {"Ben", "Cleo", "Xenia", "Yann", "Zoe"}
    assert (former in took_part, season.ida.user_id in took_part) == (True, False)


async def test_told_again_and_late_nothing_changes_and_nothing_comes_back(
    season, leave, everything, deliver, merge, sign, client, named
):
    former = await leave(season.ida)
    before = await everything()
    await leave(season.ida, former=former)
    await leave(season.ida)
    await deliver(season.ida)
    await deliver(season.ida.model_copy(update={"version": 10_000}))
    state = season.ida.model_dump(mode="json") | {"version": 10_001}
    answer = await client.post("/internal/members/privacy", json=state, headers=sign("service"))
    assert answer.status_code == 200
    await merge(season.ida, season.ben)
    assert await everything() == before
    assert await named(season.ida) == set()


async def test_results_and_nominations_are_announced_as_somebody_formers(season, leave, announced):
    former = await leave(season.ida)
    told = (await announced(ResultComputed))[-1]
    assert {item.user_id for item in told.items if str(item.nomination_id) == season.court} == {former}
    assert season.ida.user_id not in {item.user_id for item in told.items}


async def test_a_request_whose_bot_was_told_of_them_before_is_refused_and_writes_nothing(
    season, leave, ask, everything, refusal, stage, sign
):
    """Identity answered before they left; the club asks whom it does not know."""
    await leave(season.ida)
    before = await everything()
    told = season.ida.model_dump(mode="json")
    stage.app.state.neighbours["identity"] = Scripted(
        {"POST /internal/users": told, "POST /internal/users/meet": {"users": [told]}}
    )
    ida = {"discord_id": season.ida.discord_id}
    vote = {"user": ida, "rank": 1, "nomination_id": season.court}
    assert refusal(await ask("POST", f"{season.open}/votes", vote)) == (404, "member_left")
    rating = {"user": ida, "rating": 5}
    assert refusal(await ask("POST", f"{season.open}/ratings", rating)) == (404, "member_left")
    bar = {"user": ida, "reason": "Voted twice."}
    (outcome,) = (await ask("POST", "/club/bars", {"bars": [bar]}, by=sign("admin"))).json()["items"]
    assert (outcome["code"], outcome["bar"]) == ("member_left", None)
    message = {"id": "1442300000000000009", "kind": "rating", "author": ida, "content": "5/5"}
    (item,) = (await ask("POST", f"{season.open}/resync", {"messages": [message]})).json()["items"]
    assert (item["became"], item["code"]) == ("refused", "member_left")
    assert await everything() == before


async def test_a_request_of_somebody_who_left_meanwhile_is_refused_and_writes_nothing(
    season, leave, ask, everything, refusal, sign
):
    await leave(season.ida)
    before = await everything()
    as_ida = sign("user", str(season.ida.user_id), scopes=["admin"])
    for method, path, body in (
        ("POST", "/club/weeks", {"number": 77}),
        ("PUT", "/club/members", {"members": []}),
        ("DELETE", f"{season.closed}/ratings/me", None),
    ):
        assert refusal(await ask(method, path, body, by=as_ida | {"Idempotency-Key": "7"})) == (401, "account_deleted")
    assert await everything() == before


async def test_nobody_writes_for_somebody_former(season, leave, ask, refusal):
    former = await leave(season.ida)
    vote = {"user": {"user_id": str(former)}, "rank": 1, "album": {"title": "Clouds", "artist": "Joni Mitchell"}}
    assert refusal(await ask("POST", f"{season.open}/votes", vote)) == (404, "member_left")


async def test_somebody_the_club_never_met_leaves_without_a_trace(leave, club_of, everything, booth):
    before = await everything()
    (zoe,) = await club_of("Somebody new")
    await leave(zoe)
    after = await everything()
    assert len(after.pop("departures")) == len(before.pop("departures")) + 1
    assert after == before


async def test_answers_and_parked_announcements_that_name_them_are_gone(booth, leave, ask, sign, stage, named):
    (ida, ben, _), (blue, *_) = booth.people, booth.nominations
    vote = {"user": {"user_id": str(ida.user_id)}, "rank": 1, "nomination_id": blue}
    for person in (ida, ben):
        body = vote | {"user": {"user_id": str(person.user_id)}}
        answer = await ask("POST", f"{booth.week}/votes", body, by=sign() | {"Idempotency-Key": person.display_name})
        assert answer.status_code == 200, answer.text
    async with stage.db.transaction() as tx:
        await tx.execute(text("UPDATE outbox SET parked = now() WHERE type = 'club.vote.cast'"))
    await leave(ida)
    async with stage.db.transaction() as tx:
        assert set(await tx.scalars(text("SELECT key FROM idempotency"))) == {"Ben"}
        parked = (await tx.scalars(text("SELECT body::jsonb ->> 'user_id' FROM outbox WHERE parked IS NOT NULL"))).all()
    assert parked == [str(ben.user_id)]


async def test_a_former_member_of_whom_nothing_stays_is_not_made(booth, leave, stage, ask):
    ida, former = booth.people[0], uuid4()
    await booth.cast(ida, booth.nominations[0])
    await leave(ida, former=former)
    async with stage.db.transaction() as tx:
        assert await tx.get(Member, former) is None
        assert await tx.scalar(text("SELECT count(*) FROM ballot_secrets WHERE user_id IS NULL")) == 1
        assert (await tx.scalars(text("SELECT count(*) FROM ballots"))).one() == 0
        assert await tx.get(Rating, former) is None
    assert (await ask("GET", f"{booth.week}/votes/summary")).json()["ballots"] == 0
