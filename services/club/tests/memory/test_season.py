"""Seasons thrown together at random, told by the service and counted again by hand, the slow way."""

from random import Random
from statistics import mean, pstdev

import pytest
from sqlalchemy import insert
from uuid_utils.compat import uuid7

from club.models import Ballot, Nomination, Nominator, Rating, Vote, Week

PHASES = ("open", "closed", "closed", "discussing")


def half_up(value):
    return int(abs(value) * 100 + 0.5 + 1e-9) / 100 * (1 if value >= 0 else -1)


def thrown(chance, people, albums):
    """Weeks as dicts: who nominates what, who won, who voted and rated what, and which ratings are not visible yet."""
    weeks = []
    for number in sorted(chance.sample(range(100), 12)):
        fields = chance.sample(people, chance.randint(0, 5))
        nominated = {user: chance.choice(albums) for user in fields}
        won = chance.choice([*fields, None]) if fields else None
        raters = chance.sample(people, chance.randint(0, len(people))) if won else []
        voters = chance.sample(people, chance.randint(0, 5)) if len(fields) > 1 else []
        weeks.append(
            {
                "id": uuid7(),
                "number": number,
                "phase": chance.choice(PHASES),
                "nominated": nominated,
                "won": won,
                "votes": {user: chance.sample(fields, 2) for user in voters},
                "ratings": {user: chance.randint(2, 10) for user in raters},
                "hidden": {user for user in raters if chance.random() < 0.2},
            }
        )
    return weeks


async def written(tx, weeks):
    for each in weeks:
        week = Week(id=each["id"], number=each["number"], phase=each["phase"])
        tx.add(week)
        await tx.flush()
        ids = {user: uuid7() for user in each["nominated"]}
        for number, (user, album) in enumerate(each["nominated"].items(), start=1):
            row = {"id": ids[user], "week_id": week.id, "user_id": user, "album_id": album, "number": number}
            await tx.execute(insert(Nomination).values(version=1, **row))
            await tx.execute(insert(Nominator).values(nomination_id=ids[user], user_id=user))
        if each["won"]:
            week.winner_nomination_id, week.winner_album_id = ids[each["won"]], each["nominated"][each["won"]]
        for user, choices in each["votes"].items():
            tx.add(Ballot(week_id=week.id, user_id=user, version=1))
            await tx.flush()
            for rank, choice in enumerate(choices, start=1):
                tx.add(Vote(week_id=week.id, user_id=user, rank=rank, nomination_id=ids[choice]))
        for user, half_steps in each["ratings"].items():
            row = {"week_id": week.id, "user_id": user, "album_id": week.winner_album_id, "half_steps": half_steps}
            seen = {"visible_from": None} if user in each["hidden"] else {}
            await tx.execute(insert(Rating).values(id=uuid7(), version=1, late=False, **row, **seen))


def rated(week):
    return {user: steps / 2 for user, steps in week["ratings"].items() if user not in week["hidden"]}


def poll_is_over(week):
    return week["phase"] in {"closed", "discussing"} or week["won"] is not None


def took_part(week):
    return {*week["nominated"], *rated(week), *(week["votes"] if poll_is_over(week) else ())}


@pytest.fixture(params=range(6))
async def season(request, stage, club_of, record):
    chance = Random(request.param)
    people = [each.user_id for each in await club_of(*(f"Member {number}" for number in range(7)))]
    albums = [(await record(f"Album {number}")).album_id for number in range(9)]
    weeks = thrown(chance, people, albums)
    async with stage.db.transaction() as tx:
        await written(tx, weeks)
    return weeks, people


def lines_of(lines):
    return {line["user"]["id"]: line for line in lines}


async def test_nominators_are_counted_as_by_hand(season, stats):
    weeks, people = season
    lines = lines_of((await stats())["nominators"])
    assert set(lines) == {str(user) for week in weeks for user in week["nominated"]}
    for user in people:
        if (line := lines.get(str(user))) is None:
            continue
        entered = [week for week in weeks if user in week["nominated"]]
        wins = [week for week in weeks if week["won"] == user]
        decided = [week for week in entered if week["won"]]
        assert (line["nominations"], line["wins"]) == (len(entered), len(wins))
        assert line["win_rate"] == (half_up(len(wins) / len(decided)) if decided else None)
        since = wins[-1]["number"] + 1 if wins else entered[0]["number"]
        assert line["drought"]["weeks"] == sum(week["won"] is not None for week in weeks if week["number"] >= since)
        choices = [
            rank for week in weeks for cast in week["votes"].values() for rank, who in enumerate(cast) if who == user
        ]
        assert (line["first_votes"], line["points"]) == (choices.count(0), 2 * choices.count(0) + choices.count(1))


async def test_averages_and_attendance_are_counted_as_by_hand(season, stats):
    weeks, people = season
    told = await stats()
    averages, attendance = lines_of(told["averages"]), lines_of(told["attendance"])
    newest = max((week["number"] for week in weeks if week["won"]), default=None)
    for user in people:
        mine = [rated(week)[user] for week in weeks if user in rated(week)]
        got = [rating for week in weeks if week["won"] == user for rating in rated(week).values()]
        if line := averages.get(str(user)):
            assert line["given"] == (half_up(mean(mine)) if mine else None)
            assert line["received"] == (half_up(mean(got)) if got else None)
        else:
            assert not mine
            assert not got
        seen = [week["number"] for week in weeks if user in took_part(week)]
        since = [week for week in weeks if seen and week["number"] >= seen[0]]
        polls = [week for week in since if week["votes"] and poll_is_over(week)]
        row = []
        for week in since:
            in_time = week["phase"] == "discussing" or (week["phase"] == "open" and week["number"] == newest)
            if rated(week) and (user in rated(week) or not in_time):
                row.append(user in rated(week))
        best = max((len(run) for run in "".join("x" if each else " " for each in row).split()), default=0)
        if line := attendance.get(str(user)):
            assert (line["voted"], line["voted_of"]) == (sum(user in week["votes"] for week in polls), len(polls))
            assert (line["rated"], line["rated_of"], line["longest_streak"]) == (sum(row), len(row), best)
        else:
            assert not polls
            assert not row


async def test_acclaim_is_counted_as_by_hand(season, stats):
    weeks, people = season
    told = await stats("limit=100")
    every = [rating for week in weeks for rating in rated(week).values()]
    spans = []
    for user in people:
        there = [week["number"] for week in weeks if user in took_part(week)]
        spans += [(there[0], there[-1])] if there else []
    expected = {}
    for week in weeks:
        if given := list(rated(week).values()):
            could = sum(first <= week["number"] <= last for first, last in spans)
            bayesian = (sum(given) + 5 * mean(every)) / (len(given) + 5)
            expected[week["number"]] = (half_up(bayesian), len(given), could, half_up(pstdev(given)))
    assert {
        line["number"]: (line["bayesian"], line["ratings"], line["could_rate"], line["spread"])
        for line in told["most_loved"]
    } == expected
    assert [line["bayesian"] for line in told["most_loved"]] == sorted(
        (each[0] for each in expected.values()), reverse=True
    )
    divisive = [(line["spread"], line["number"]) for line in told["most_divisive"]]
    assert {number for _, number in divisive} == {n for n, each in expected.items() if each[1] >= 3 and each[3] > 0}
    assert [spread for spread, _ in divisive] == sorted((spread for spread, _ in divisive), reverse=True)


async def test_the_ledger_is_counted_as_by_hand(season, stats):
    weeks, people = season
    lines = lines_of((await stats())["fairness"])
    decided = [week for week in weeks if week["won"]]
    assert set(lines) == {str(user) for week in decided for user in week["nominated"]}
    for user in people:
        if line := lines.get(str(user)):
            expected = sum(1 / len(week["nominated"]) for week in decided if user in week["nominated"])
            won = sum(week["won"] == user for week in decided)
            assert (line["expected"], line["won"]) == (half_up(expected), won)
            assert line["owed"] == pytest.approx(expected - won, abs=0.00501)
    assert sum(line["owed"] for line in lines.values()) == pytest.approx(0, abs=0.005 * len(lines) + 1e-9)
