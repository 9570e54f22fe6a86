"""Seasons to remember."""

import pytest


@pytest.fixture(autouse=True)
async def in_the_open(rules):
    """A club that shows what is rated at once: what is hidden counts for nobody."""
    await rules(rating_visibility="always")


@pytest.fixture
def hold(ask, record):
    """`await hold(3, {ida: "Blue", ben: "Low"}, won=ida, votes={cleo: (ida, ben)}, ratings={cleo: 4.5})`.

    A week, with who nominated what, who won, and what was voted and rated; answers its id.
    """

    async def make(number, nominated=(), *, won=None, votes=(), ratings=(), club="/club", **week):
        tags, year = week.pop("tags", {}), week.pop("year", 1971)
        made = await ask("POST", f"{club}/weeks", {"number": number, **week})
        assert made.status_code in {200, 201}, made.text
        path = f"{club}/weeks/{made.json()['id']}"
        ids = {}
        for person, album in dict(nominated).items():
            told = album if not isinstance(album, str) else await record(album, year=year)
            body = {"user": {"user_id": str(person.user_id)}, "album": {"album_id": str(told.album_id)}, "tags": tags}
            ids[person.user_id] = (await ask("POST", f"{path}/nominations", body)).json()["id"]
        for person, choices in dict(votes).items():
            ballot = dict(zip(("first", "second"), (ids[each.user_id] for each in choices), strict=False))
            answer = await ask("PUT", f"{path}/ballots/{person.user_id}", ballot)
            assert answer.status_code == 200, answer.text
        if won is not None:
            answer = await ask("POST", f"{path}/winner", {"nomination_id": ids[won.user_id]})
            assert answer.status_code == 200, answer.text
        for person, rating in dict(ratings).items():
            body = {"user": {"user_id": str(person.user_id)}, "rating": rating}
            answer = await ask("POST", f"{path}/ratings", body)
            assert answer.status_code == 201, answer.text
        return made.json()["id"]

    return make


@pytest.fixture
def stats(ask):
    """`await stats("tag=folk")`: what the club's statistics are to a bot."""

    async def read(query="", by=None, club="/club"):
        answer = await ask("GET", f"{club}/stats?{query}", by=by)
        assert answer.status_code == 200, answer.text
        return answer.json()

    return read
