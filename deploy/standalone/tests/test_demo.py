"""The demo's season is a fair one, and the bot that tells it can be interrupted."""

import asyncio
import io
from collections import Counter
from datetime import date, timedelta

import httpx2
import pytest
import stamina
from rich.console import Console

from contracts.club import NewWeek
from contracts.naming import album_key
from contracts.nominations import NewNomination
from contracts.ratings import NewRating
from contracts.votes import NewVote
from standalone.demo import bodies, play
from standalone.demo.client import Bot, NobodyAnswers, NothingThere, NotTaken, together
from standalone.demo.season import read_season
from standalone.demo.table import line, season_table, totals

SEASON = read_season()
WEEKS = pytest.mark.parametrize("week", SEASON.weeks, ids=lambda week: f"week {week.number}")
ID = "019ab6f1-2222-7222-8222-222222222222"


def standings(week):
    """Points, then first votes, of every nomination, counted here anew."""
    points, firsts = Counter(), Counter()
    for first, second in week.votes.values():
        points.update({first: 2, second: 1})
        firsts[first] += 1
    return sorted(((points[each.title], firsts[each.title], each.title) for each in week.nominations), reverse=True)


def level_at_the_top(week):
    counted = standings(week)
    return {title for *strength, title in counted if strength == list(counted[0][:2])}


def test_the_season_has_a_quarter_of_a_year_of_weeks_from_september_on():
    assert [week.number for week in SEASON.weeks] == list(range(1, 13))
    assert [week.date for week in SEASON.weeks] == [date(2025, 9, 1) + timedelta(weeks=n) for n in range(12)]


def test_no_album_is_nominated_twice():
    albums = [album_key(each.title, each.artist) for week in SEASON.weeks for each in week.nominations]
    assert len(set(albums)) == len(albums) >= 60


@WEEKS
def test_every_nomination_has_a_pitch_and_all_tags(week):
    for body in bodies.nominations(SEASON, week):
        nomination = NewNomination.model_validate(body)
        assert nomination.pitch
        assert all(nomination.tags.model_dump().values())


@WEEKS
def test_five_or_six_different_members_nominate(week):
    nominators = [each.by for each in week.nominations]
    assert len(set(nominators)) == len(nominators) in {5, 6}
    assert set(nominators) <= set(SEASON.members)


@WEEKS
def test_every_member_votes_for_two_nominations_of_others(week):
    nominator = {each.title: each.by for each in week.nominations}
    assert set(week.votes) == set(SEASON.members)
    for member, (first, second) in week.votes.items():
        assert first != second
        assert member not in {nominator[first], nominator[second]}


def test_exactly_one_week_ends_level_and_the_hosts_choose_one_of_the_two():
    (tied,) = [week for week in SEASON.weeks if len(level_at_the_top(week)) > 1]
    assert len(level_at_the_top(tied)) == 2
    assert tied.hosts_chose in level_at_the_top(tied)
    assert [week.number for week in SEASON.weeks if week.hosts_chose] == [tied.number]


def test_one_week_is_decided_by_most_first_votes():
    by_firsts = [week for week in SEASON.weeks if standings(week)[0][0] == standings(week)[1][0]]
    assert len([week for week in by_firsts if len(level_at_the_top(week)) == 1]) == 1


@WEEKS
def test_members_rate_once_and_some_say_why(week):
    raters = [each.by for each in week.ratings]
    assert len(set(raters)) == len(raters) >= 6
    assert set(raters) <= set(SEASON.members)
    assert any(each.review for each in week.ratings)


@WEEKS
def test_what_the_bot_sends_is_what_the_club_takes(week):
    ids = {each.title: ID for each in week.nominations}
    NewWeek.model_validate(bodies.opening(week))
    assert [NewVote.model_validate(body).rank for body in bodies.votes(SEASON, week, ids)] == [1, 2] * 8
    for given in week.ratings:
        NewRating.model_validate(bodies.rating(SEASON, given))


def test_every_place_on_discord_has_an_id_of_its_own():
    kinds = ("category", "poll", "winner", "ratings")
    places = [bodies.ref(week, kind)["id"] for week in SEASON.weeks for kind in kinds]
    places += [each["id"] for week in SEASON.weeks for each in bodies.opening(week)["refs"][1:]]
    places += [each["ref"]["id"] for week in SEASON.weeks for each in bodies.nominations(SEASON, week)]
    places += [member.discord_id for member in SEASON.members.values()]
    assert len(set(places)) == len(places)


@pytest.fixture
def bot_before():
    """A bot before a server that gives these answers, one a call; and what it was asked."""
    with stamina.set_testing(True, attempts=3):
        yield _bot_before


def _bot_before(*answers):
    asked, left = [], iter(answers)

    def answer(request):
        asked.append(request)
        given = next(left)
        if isinstance(given, Exception):
            raise given
        return given

    return Bot(httpx2.AsyncClient(transport=httpx2.MockTransport(answer), base_url="http://sidetrack")), asked


async def test_a_call_is_repeated_under_its_key_while_sidetrack_is_away(bot_before):
    away = httpx2.Response(503, headers={"Retry-After": "0"})
    bot, asked = bot_before(httpx2.ConnectError("gone"), away, httpx2.Response(200, json={"id": ID}))
    assert await bot.post("/club/weeks", {"number": 1}) == {"id": ID}
    assert len({request.headers["idempotency-key"] for request in asked}) == 1


async def test_another_request_has_another_key(bot_before):
    bot, asked = bot_before(*(httpx2.Response(200, json={}) for _ in range(3)))
    await bot.post("/club/weeks", {"number": 1})
    await bot.post("/club/weeks", {"number": 2})
    await bot.post("/club/weeks/1/winner", {"number": 2})
    assert len({request.headers["idempotency-key"] for request in asked}) == 3


async def test_a_call_that_is_still_being_worked_on_is_asked_again(bot_before):
    bot, _ = bot_before(httpx2.Response(409, json={"code": "in_progress"}), httpx2.Response(200, json={"id": ID}))
    assert await bot.post("/club/weeks", {"number": 1}) == {"id": ID}


async def test_the_bot_gives_up_when_nobody_answers(bot_before):
    bot, asked = bot_before(*(httpx2.ConnectError("gone") for _ in range(3)))
    with pytest.raises(NobodyAnswers, match="http://sidetrack"):
        await bot.get("/club/weeks")
    assert len(asked) == 3


async def test_a_refusal_is_told_in_its_own_sentence_and_not_repeated(bot_before):
    bot, asked = bot_before(httpx2.Response(403, json={"detail": "Only the club's hosts can do this."}))
    with pytest.raises(NotTaken, match="POST /club/weeks: Only the club's hosts can do this"):
        await bot.post("/club/weeks", {"number": 1})
    assert len(asked) == 1


async def test_what_is_no_problem_document_is_a_refusal_too(bot_before):
    bot, _ = bot_before(httpx2.Response(404, text="<html>"), httpx2.Response(400, json=["?"]))
    with pytest.raises(NothingThere, match="404"):
        await bot.get("/club/weeks/number/1")
    with pytest.raises(NotTaken, match="400"):
        await bot.get("/club/weeks/number/1")


async def test_a_real_week_is_never_written_over(bot_before):
    real = {"refs": [{"provider": "discord", "kind": "category", "id": "1", "guild_id": None}]}
    bot, asked = bot_before(*(httpx2.Response(200, json=real) for _ in SEASON.weeks))
    with pytest.raises(play.WeekIsReal):
        await play.play_season(bot, SEASON)
    assert {request.method for request in asked} == {"GET"}


async def test_a_level_poll_that_the_season_does_not_know_is_left_undecided(bot_before):
    bot, _ = bot_before(httpx2.Response(200, json={"winner": None, "tie": [ID, "other"]}))
    with pytest.raises(play.Undecided):
        await play.winner_of(bot, "/club/weeks/1", {"Blue": ID}, SEASON.weeks[0])


async def test_of_calls_together_the_first_failure_is_raised_and_ends_the_others():
    ended = []

    async def wait():
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("waiting")

    async def fail():
        raise NotTaken

    with pytest.raises(NotTaken):
        await together(wait(), fail())
    assert ended == ["waiting"]


def week_document(*strengths, winner=0, tie=()):
    """A whole week as the API shows it, as far as the table reads it."""
    items = [
        {"nomination_id": nth, "points": points, "album": {"id": nth, "title": f"Album {nth}"}}
        for nth, points in enumerate(strengths)
    ]
    decided = {"title": f"Album {winner}", "artist": "Somebody", "year": 1971}
    return {
        "label": "WEEK 007 [2025-10-13]",
        "winner_album_id": winner,
        "winner": None if winner is None else decided,
        "nominator": {"display_name": "Wren"},
        "nominations": items,
        "votes": {"ballots": 8, "items": items, "tie": list(tie)},
        "ratings": {"average": 4.25, "count": 6},
    }


@pytest.mark.parametrize(
    ("week", "decided_by"),
    [
        (week_document(7, 5, 3), "points"),
        (week_document(7, 7, 3), "most first votes"),
        (week_document(7, 7, 3, tie=(0, 1)), "the hosts: TIE with Album 1"),
        (week_document(7, 5, winner=None), "-"),
    ],
)
def test_the_table_says_how_a_week_was_decided(week, decided_by):
    assert line(week).decided_by == decided_by


def test_the_table_shows_every_week_whole():
    weeks = [week_document(7, 7, tie=(0, 1)), week_document(7, 5)]
    page = Console(width=180, file=io.StringIO())
    page.print(season_table(weeks))
    text = page.file.getvalue()
    assert text.count("WEEK 007 [2025-10-13]") == 2
    assert "TIE with Album 1" in text
    assert "4.25" in text
    assert totals(weeks) == "2 weeks, 4 nominations, 16 ballots, 12 ratings"
