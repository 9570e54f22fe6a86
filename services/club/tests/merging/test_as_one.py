"""What two did at random, and were merged then: as if one had done it, by the rules."""

from random import Random

import pytest
from sqlalchemy import text

from contracts.ratings import RatingGiven
from contracts.votes import VoteCast

WRITES = 25


class Season:
    """Weeks to rate, albums to nominate, and by the rules alone: of each who, what stands."""

    def __init__(self, weeks, albums):
        self.weeks, self.albums = weeks, albums
        self.ballots, self.ratings, self.parts = {}, {}, {}

    def ballot(self, old, into):
        return self.ballots.get(into) or self.ballots.get(old)

    def rating(self, week, old, into):
        return self.ratings.get((week, into)) or self.ratings.get((week, old))

    def behind(self, old, into):
        return {album for (album, who), stands in self.parts.items() if stands and who in {old, into}}


@pytest.fixture
async def season(won, record, rules):
    await rules(nominations_per_member=25, self_votes=True)
    titles = ("Turbulent Indigo", "Clouds", "Wild Things Run Fast")
    return Season([await won(number) for number in (3, 4, 5)], {title: await record(title) for title in titles})


@pytest.fixture
def act(ask, booth, season):
    """`await act(random, who)`: somebody does something, and it is noted in the season."""
    nominated, here = {}, booth.week

    async def vote(random, who):
        first, second = random.sample(booth.nominations, 2)
        season.ballots[who.user_id] = (first, second)
        return await booth.cast(who, first, second)

    async def rate(random, who):
        week, rating = random.choice(season.weeks), random.randint(2, 10) / 2
        season.ratings[week, who.user_id] = rating
        return await ask("POST", f"/club/weeks/{week}/ratings", {"user": named(who), "rating": rating})

    async def unrate(random, who):
        week = random.choice(season.weeks)
        season.ratings[week, who.user_id] = None
        return await ask("DELETE", f"/club/weeks/{week}/ratings/{who.user_id}")

    async def nominate(random, who):
        title = random.choice([*season.albums])
        season.parts[title, who.user_id] = True
        album = {"album_id": str(season.albums[title].album_id)}
        answer = await ask("POST", f"{here}/nominations", {"user": named(who), "album": album})
        nominated[title] = answer.json()["id"]
        return answer

    async def withdraw(random, who):
        title = random.choice([*season.albums])
        season.parts[title, who.user_id] = False
        address = f"{here}/nominations/{nominated.get(title, booth.nominations[0])}"
        return await ask("DELETE", f"{address}?user={who.user_id}")

    def named(who):
        return {"user_id": str(who.user_id)}

    async def one(random, who):
        return await random.choices([vote, rate, unrate, nominate, withdraw], [3, 4, 2, 3, 2])[0](random, who)

    return one


@pytest.mark.parametrize("seed", range(12))
async def test_random_writes_of_two_merged_are_those_of_one(seed, booth, season, act, merge, ask, stage, announced):
    random, (ida, ben, _) = Random(seed), booth.people
    old, into, expected = ida.user_id, ben.user_id, season
    for _ in range(WRITES):
        answer = await act(random, random.choice([ida, ben]))
        assert answer.is_success or answer.status_code in {403, 404, 409}, answer.text
    await merge(ida, ben)

    summary = (await ask("GET", f"{booth.week}/votes/summary")).json()
    assert summary["ballots"] == (expected.ballot(old, into) is not None)
    if ballot := expected.ballot(old, into):
        told = (await ask("GET", f"{booth.week}/ballots/{ben.user_id}")).json()
        assert (told["first"], told["second"]) == ballot
    for week in season.weeks:
        ratings = (await ask("GET", f"/club/weeks/{week}/ratings")).json()["items"]
        rating = expected.rating(week, old, into)
        assert [(each["user"]["id"], each["rating"]) for each in ratings] == [(str(into), rating)] * (
            rating is not None
        )
        assert (await ask("GET", f"/club/weeks/{week}/ratings/summary")).json()["average"] == rating
    listed = (await ask("GET", f"{booth.week}/nominations")).json()["items"]
    theirs = {each["album"]["title"] for each in listed if each["nominator"]["id"] == str(into)}
    assert theirs == expected.behind(old, into)
    assert not [each for each in listed if each["co_nominators"] or each["nominator"]["id"] == str(old)]
    await told_as_it_is(stage, announced, old)


async def told_as_it_is(stage, announced, old):
    """What was announced last of each is what stands: of the old one, nothing does."""
    newest = {}
    for event in sorted(await announced(RatingGiven), key=lambda each: each.version):
        newest[event.week_id, event.user_id] = (event.withdrawn, event.rating / 2)
    stands = {key: rating for key, (withdrawn, rating) in newest.items() if not withdrawn}
    assert not [user_id for _, user_id in stands if user_id == old]
    async with stage.db.transaction() as tx:
        rows = await tx.execute(text("SELECT week_id, user_id, half_steps FROM ratings WHERE withdrawn_at IS NULL"))
        assert {(week, user): steps / 2 for week, user, steps in rows} == stands
        ballots = dict((await tx.execute(text("SELECT user_id, version FROM ballots"))).all())
    cast = {each.user_id: each for each in sorted(await announced(VoteCast), key=lambda each: each.version)}
    assert {who: each.version for who, each in cast.items() if who != old} == ballots
    assert old not in cast or (cast[old].first, cast[old].secret) == (None, False)
