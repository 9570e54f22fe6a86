"""What a club's rules say of nominations."""

import pytest


@pytest.fixture
def put_up(nominate, refusal):
    """`await put_up(week, ida, blue)`: the status, or the code of the refusal."""

    async def send(week, person, album):
        answer = await nominate(week, person, album)
        return answer.status_code if answer.is_success else refusal(answer)[1]

    return send


@pytest.fixture
async def won(ask, a_week, nominate, scene):
    """Week 3, which Ida won with Blue; and Ida, Ben and Blue."""
    week, ida, ben, blue = scene
    nomination = (await nominate(week, ida, blue)).json()["id"]
    await ask("POST", f"/club/weeks/{week}/winner", {"nomination_id": nomination})
    return ida, ben, blue


async def test_a_member_nominates_one_album_a_week(ask, put_up, nominate, record, scene):
    week, ida, ben, blue = scene
    hejira = await record("Hejira")
    first = (await nominate(week, ida, blue)).json()["id"]
    assert await put_up(week, ida, hejira) == "nomination_limit"
    assert await put_up(week, ida, blue) == 200
    assert await put_up(week, ben, hejira) == 201
    await ask("DELETE", f"/club/weeks/{week}/nominations/{first}")
    assert await put_up(week, ida, hejira) == 201
    assert await put_up(week, ida, blue) == "nomination_limit"


async def test_a_club_may_allow_more(put_up, record, scene, rules):
    week, ida, _, blue = scene
    await rules(nominations_per_member=2)
    given = [await put_up(week, ida, album) for album in (blue, await record("Hejira"), await record("Mingus"))]
    assert given == [201, 201, "nomination_limit"]


async def test_a_club_may_let_only_the_first_have_an_album(put_up, scene, rules):
    week, ida, ben, blue = scene
    await rules(same_album="first")
    assert [await put_up(week, person, blue) for person in (ida, ben, ida)] == [201, "already_nominated", 200]


@pytest.mark.parametrize(
    ("rest", "answers"),
    [
        (0, {4: 201, 6: 201}),
        (None, {4: "album_featured", 6: "album_featured"}),
        (2, {4: "album_featured", 5: "album_featured", 6: 201}),
    ],
)
async def test_an_album_that_won_returns_when_the_club_lets_it(put_up, a_week, won, rules, rest, answers):
    _, ben, blue = won
    await rules(album_rest=rest)
    assert {number: await put_up(await a_week(number), ben, blue) for number in answers} == answers


async def test_whoever_won_lets_others_go_first_for_as_long_as_the_club_says(put_up, a_week, won, record, rules):
    ida, ben, _ = won
    await rules(nominator_cooldown=2)
    hejira = await record("Hejira")
    assert await put_up(await a_week(4), ida, hejira) == "nominator_cooldown"
    fifth = await a_week(5)
    assert [await put_up(fifth, person, hejira) for person in (ida, ben)] == ["nominator_cooldown", 201]
    assert await put_up(await a_week(6), ida, hejira) == 201
