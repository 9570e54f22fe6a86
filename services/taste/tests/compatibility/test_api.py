"""Who is told how alike two people are, and by what."""

import pytest
from services.taste.tests.telling import BEN, CLEO, IDA, album, day, rated, track, user

ARTISTS = ("Joni Mitchell", "Daft Punk", "João Gilberto")


@pytest.fixture
async def two(tell, deliver):
    """`await two(taste=…)`: Ida and Ben, who play and rate alike; Ida shows so much of it."""

    async def make(**privacy):
        await deliver(user(privacy=privacy))
        for each, name in ((BEN, "Ben"), (CLEO, "Cleo")):
            await deliver(user(each, name))
        for each in (IDA, BEN):
            for event in (
                rated(user_id=each, week=1),
                rated("Homework", 3.0, user_id=each, week=2, seen=False),
                day(*(track(name, plays=20) for name in ARTISTS), user_id=each),
            ):
                await deliver(event)
        await tell(album())

    return make


@pytest.fixture
def read(client, sign):
    async def answer(one=IDA, other=BEN, kind="anonymous", sub=None):
        return await client.get(f"/users/{one}/compatibility/{other}", headers=sign(kind, sub=sub))

    return answer


async def test_it_is_told_with_its_parts_the_same_from_both_sides(two, read):
    await two()
    there, back = await read(), await read("@ben", "@ida")
    assert there.content == back.content
    told = there.json()
    assert (told["score"], told["users"]) == (100.0, [str(IDA), str(BEN)])
    assert {each["name"] for each in told["shared_artists"]} == {*ARTISTS}
    assert [(each["title"], each["share"]) for each in told["shared_tracks"]] == [("River", 1.0)]
    # What the club does not show yet is no evidence.
    assert told["ratings_agreement"]["weeks"] == 1
    assert "Both gave *Blue* the same 4.5." in told["explanations"]
    assert (await read("me", BEN, "user", str(IDA))).json()["score"] == 100.0


@pytest.mark.parametrize(("audience", "stranger", "member"), [("private", 403, 403), ("members", 403, 200)])
async def test_a_taste_that_is_not_shown_is_compared_with_nobody_s(two, read, audience, stranger, member):
    await two(taste=audience)
    for pair in ((IDA, BEN), (BEN, IDA)):
        assert (await read(*pair)).status_code == stranger
        assert (await read(*pair, "user", str(BEN))).status_code == member
        assert (await read(*pair, "user", str(IDA))).status_code == 200


async def test_what_the_reader_may_not_see_of_one_is_no_evidence(two, read):
    await two(listening="private", ratings="private")
    told = (await read(IDA, BEN, "user", str(BEN))).json()
    assert (told["shared_artists"], told["shared_albums"], told["ratings_agreement"]) == ([], [], None)
    assert told["shared_tracks"] == []
    assert {each["name"] for each in told["parts"]} == {"genres", "decades"}
    assert (await read(IDA, BEN, "bot")).json()["ratings_agreement"]["weeks"] == 1


async def test_with_somebody_of_whom_nothing_is_known_there_is_no_score(two, read):
    await two()
    answer = await read(IDA, CLEO)
    assert (answer.status_code, answer.json()["score"], answer.json()["confidence"]) == (200, None, 0)
    assert answer.json()["explanations"] == ["Not enough to say."]


async def test_nobody_is_like_nobody(two, read):
    await two()
    assert [(await read(*each)).status_code for each in ((IDA, "@nobody"), ("@nobody", IDA), ("me", IDA))] == [
        404,
        404,
        401,
    ]
