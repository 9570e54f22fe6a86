"""The club's statistics over HTTP."""

import pytest

WEEKS = "/club/weeks"


@pytest.fixture
async def season(hold, club_of):
    """Four weeks: Ida wins twice, Ben once; the last is not decided, and Cleo never wins."""
    ida, ben, cleo = people = await club_of("Ida", "Ben", "Cleo")
    await hold(
        1,
        {ida: "Blue", ben: "Low"},
        won=ida,
        votes={ben: (ida,), cleo: (ida, ben)},
        ratings={ida: 5, ben: 4, cleo: 4.5},
        date_discussion="2025-11-03",
        tags={"genre": "Folk", "country": "Canada"},
    )
    await hold(
        2,
        {ida: "Hejira", ben: "Heroes", cleo: "Kid A"},
        won=ben,
        votes={ida: (ben, cleo), cleo: (ben,)},
        ratings={ida: 1, ben: 5},
        date_discussion="2025-11-10",
        tags={"genre": "rock", "decade": "'70s"},
        year=1977,
    )
    await hold(
        3,
        {ida: "Mingus"},
        won=ida,
        ratings={ida: 4, ben: 4, cleo: 4},
        date_discussion="2025-11-17",
        tags={"genre": "folk"},
        year=1979,
    )
    await hold(4, {cleo: "Pearl"}, votes={ida: (cleo,)}, date_discussion="2025-11-24")
    return people


async def test_a_club_without_a_past_has_nothing_to_remember(stats):
    told = await stats()
    assert told.pop("weeks") == {"total": 0, "album": 0, "special": 0, "skipped": 0, "with_winner": 0}
    assert told.pop("winners") == {"genres": [], "decades": [], "countries": []}
    assert [told.pop(name) for name in ("nominations", "ballots", "ratings", "average")] == [0, 0, 0, None]
    assert set(map(len, told.values())) == {0}


async def test_everything_is_counted(season, ask, stats):
    await ask("POST", WEEKS, {"number": 9, "kind": "skipped"})
    told = await stats()
    assert told["weeks"] == {"total": 5, "album": 4, "special": 0, "skipped": 1, "with_winner": 3}
    assert (told["nominations"], told["ballots"], told["ratings"], told["average"]) == (7, 5, 8, 3.94)


async def test_what_won_is_counted_by_its_tags_and_a_decade_that_nobody_named_is_the_albums(season, stats):
    assert (await stats())["winners"] == {
        "genres": [{"name": "Folk", "count": 2}, {"name": "rock", "count": 1}],
        "decades": [{"name": "1970s", "count": 3}],
        "countries": [{"name": "Canada", "count": 1}],
    }


async def test_nominators_stand_by_their_wins(season, stats):
    ida, ben, cleo = (await stats())["nominators"]
    assert [line["user"]["display_name"] for line in (ida, ben, cleo)] == ["Ida", "Ben", "Cleo"]
    assert [line["nominations"] for line in (ida, ben, cleo)] == [3, 2, 2]
    assert [line["wins"] for line in (ida, ben, cleo)] == [2, 1, 0]
    assert [line["win_rate"] for line in (ida, ben, cleo)] == [0.67, 0.5, 0]
    assert [(line["first_votes"], line["points"]) for line in (ida, ben, cleo)] == [(2, 4), (2, 5), (1, 3)]


async def test_who_never_won_has_waited_since_their_first_nomination(season, stats):
    ida, ben, cleo = (await stats())["nominators"]
    assert [line["weeks_since_win"] for line in (ida, ben, cleo)] == [0, 1, None]
    assert cleo["drought"] == {"weeks": 2, "since": "first_nomination"}
    assert ben["drought"] == {"weeks": 1, "since": "win"}


async def test_averages_are_of_what_was_given_and_of_what_was_won_with(season, stats):
    ida, ben, cleo = (await stats())["averages"]
    assert (ida["given"], ida["ratings_given"]) == (3.33, 3)
    assert (ida["received"], ida["ratings_received"]) == (4.25, 6)
    assert (ben["given"], ben["received"]) == (4.33, 3)
    assert (cleo["given"], cleo["received"], cleo["ratings_received"]) == (4.25, None, 0)


async def test_attendance_counts_weeks_whose_poll_is_over_and_weeks_that_were_rated(season, stats):
    lines = {line["user"]["display_name"]: line for line in (await stats())["attendance"]}
    # Week 3 had no poll, and that of week 4 is not over.
    assert {name: (line["voted"], line["voted_of"]) for name, line in lines.items()} == {
        "Ida": (1, 2),
        "Ben": (1, 2),
        "Cleo": (2, 2),
    }
    assert {name: (line["rated"], line["rated_of"]) for name, line in lines.items()} == {
        "Ida": (3, 3),
        "Ben": (3, 3),
        "Cleo": (2, 3),
    }
    assert [(line["current_streak"], line["longest_streak"]) for line in lines.values()] == [(3, 3), (3, 3), (1, 1)]


async def test_members_count_from_where_they_were_first_seen(hold, club_of, stats):
    ida, ben = await club_of("Ida", "Ben")
    for number in (1, 2):
        await hold(number, {ida: f"Album {number}"}, won=ida, ratings={ida: 4})
    await hold(3, {ida: "Album 3", ben: "Low"}, won=ida, ratings={ida: 4, ben: 4})
    of = {line["user"]["display_name"]: line["rated_of"] for line in (await stats())["attendance"]}
    assert of == {"Ida": 3, "Ben": 1}


async def test_a_week_that_can_still_be_rated_breaks_no_streak(ask, hold, club_of, stats):
    ida, ben = await club_of("Ida", "Ben")
    await hold(1, {ida: "Blue"}, won=ida, ratings={ida: 4, ben: 4})
    last = await hold(2, {ida: "Low"}, won=ida, ratings={ida: 4})

    async def of_ben():
        lines = {line["user"]["display_name"]: line for line in (await stats())["attendance"]}
        return [lines["Ben"][name] for name in ("rated", "rated_of", "current_streak", "longest_streak")]

    assert await of_ben() == [1, 1, 1, 1]
    await ask("POST", f"{WEEKS}/{last}/advance", {"to": "closed"})
    assert await of_ben() == [1, 2, 0, 1]


async def test_winners_are_loved_by_their_bayesian_average_and_divide_by_their_spread(season, hold, stats):
    (ida, *_) = season
    await hold(5, {ida: "Turbulent Indigo"}, won=ida, ratings={ida: 5})
    told = await stats()
    # The club's mean is 4.06: one rating of 5 does not outweigh three that are nearly as good.
    assert [(line["album"]["title"], line["average"], line["bayesian"]) for line in told["most_loved"]] == [
        ("Blue", 4.5, 4.22),
        ("Turbulent Indigo", 5.0, 4.21),
        ("Mingus", 4.0, 4.03),
        ("Heroes", 3.0, 3.75),
    ]
    # Two ratings are no division, and all of one mind even less.
    assert [(line["album"]["title"], line["spread"]) for line in told["most_divisive"]] == [("Blue", 0.41)]
    assert [(line["number"], line["ratings"], line["could_rate"]) for line in told["hall_of_fame"]] == [
        (1, 3, 3),
        (3, 3, 3),
    ]


async def test_the_ledger_says_who_is_most_owed_and_adds_up_to_nothing(season, stats):
    ledger = (await stats())["fairness"]
    assert [(line["user"]["display_name"], line["weeks"], line["owed"]) for line in ledger] == [
        ("Cleo", 1, 0.33),
        ("Ben", 2, -0.17),
        ("Ida", 3, -0.17),
    ]
    assert [line["expected"] for line in ledger if line["user"]["display_name"] == "Ida"] == [1.83]
    assert sum(line["owed"] for line in ledger) == pytest.approx(0, abs=0.01 * len(ledger))


async def test_what_a_result_says_of_votes_is_what_is_remembered(ask, hold, club_of, stats):
    ida, ben, cleo = await club_of("Ida", "Ben", "Cleo")
    week = await hold(1, {ida: "Blue", ben: "Low"}, votes={cleo: (ida, ben), ben: (ida,)})

    async def of_each():
        return {
            line["user"]["display_name"]: (line["first_votes"], line["points"], line["wins"])
            for line in (await stats())["nominators"]
        }

    assert await of_each() == {"Ida": (2, 4, 0), "Ben": (0, 1, 0)}
    await ask("POST", f"{WEEKS}/{week}/advance", {"to": "discussing"})
    assert await of_each() == {"Ida": (2, 4, 1), "Ben": (0, 1, 0)}
    (line,) = (each for each in (await stats())["attendance"] if each["user"]["display_name"] == "Cleo")
    assert (line["voted"], line["voted_of"]) == (1, 1)


async def test_who_nominates_together_wins_together(ask, hold, record, club_of, stats):
    ida, ben, cleo = await club_of("Ida", "Ben", "Cleo")
    blue = await record("Blue")
    week = await hold(1, {ida: blue, ben: blue, cleo: "Low"}, won=ida, votes={cleo: (ida,)}, ratings={cleo: 4})
    told = await stats()
    assert told["nominations"] == 2
    lines = {line["user"]["display_name"]: line for line in told["nominators"]}
    assert {name: (line["wins"], line["points"]) for name, line in lines.items()} == {
        "Ida": (1, 2),
        "Ben": (1, 2),
        "Cleo": (0, 0),
    }
    shares = {line["user"]["display_name"]: (line["expected"], line["won"]) for line in told["fairness"]}
    assert shares == {"Ida": (0.33, 0.5), "Ben": (0.33, 0.5), "Cleo": (0.33, 0)}
    for person in (ida, ben):
        page = (await ask("GET", f"/club/members/{person.user_id}")).json()
        assert [each["won"] for each in page["nominations"]["items"]] == [True]
        assert page["averages"]["received"] == 4.0
    (found,) = (await ask("GET", "/club/albums?q=blue")).json()["items"]
    assert (found["times_nominated"], found["featured"][0]["week_id"]) == (1, week)
