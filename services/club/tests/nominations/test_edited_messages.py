"""A message that named another album before."""

import pytest


def said_in(message):
    return {"ref": {"provider": "discord", "kind": "message", "id": message}}


@pytest.fixture
async def edited(nominate, scene, record):
    """The week, Ida, Ben, Blue which Ida named in a message, and Hejira."""
    week, ida, ben, blue = scene
    made = (await nominate(week, ida, blue, **said_in("77"))).json()
    return week, ida, ben, blue, await record("Hejira"), made


async def titles(listed, week):
    return [each["album"]["title"] for each in await listed(week)]


async def test_the_album_it_names_now_takes_the_place_of_the_one_before(nominate, listed, edited, told):
    week, ida, _, _, hejira, made = edited
    for status in (201, 200):
        assert (await nominate(week, ida, hejira, **said_in("77"))).status_code == status
    assert await titles(listed, week) == ["Hejira"]
    before, withdrawn, after = await told()
    assert (withdrawn.nomination_id, withdrawn.withdrawn) == (before.nomination_id, True)
    assert (after.code, after.withdrawn) == ("A2", False)
    assert str(before.nomination_id) == made["id"]


async def test_edited_back_it_is_the_first_nomination_again(nominate, listed, edited):
    week, ida, _, blue, hejira, made = edited
    await nominate(week, ida, hejira, **said_in("77"))
    back = await nominate(week, ida, blue, **said_in("77"))
    assert (back.status_code, back.json()["id"], back.json()["code"]) == (200, made["id"], "A1")
    assert await titles(listed, week) == ["Blue"]


async def test_what_others_nominated_with_it_stays_theirs(nominate, listed, edited):
    week, ida, ben, blue, hejira, _ = edited
    await nominate(week, ben, blue, **said_in("78"))
    await nominate(week, ida, hejira, **said_in("77"))
    named = [(each["album"]["title"], each["nominator"]["display_name"]) for each in await listed(week)]
    assert named == [("Blue", "Ben"), ("Hejira", "Ida")]


async def test_another_message_or_another_members_replaces_nothing(nominate, listed, edited, refusal):
    week, ida, ben, _, hejira, _ = edited
    assert refusal(await nominate(week, ida, hejira, **said_in("79"))) == (409, "nomination_limit")
    assert (await nominate(week, ben, hejira, **said_in("77"))).status_code == 201
    assert await titles(listed, week) == ["Blue", "Hejira"]


async def test_a_place_that_is_no_message_replaces_nothing(nominate, listed, edited, record, rules):
    week, ida, *_ = edited
    await rules(nominations_per_member=3)
    for title in ("Mingus", "Clouds"):
        channel = {"ref": {"provider": "discord", "kind": "nominations", "id": "77"}}
        assert (await nominate(week, ida, await record(title), **channel)).status_code == 201
    assert await titles(listed, week) == ["Blue", "Mingus", "Clouds"]


async def test_when_the_other_album_is_refused_the_one_before_stays(nominate, listed, edited, rules, refusal, told):
    week, ida, ben, _, hejira, _ = edited
    await rules(same_album="first")
    await nominate(week, ben, hejira)
    announced = len(await told())
    assert refusal(await nominate(week, ida, hejira, **said_in("77"))) == (409, "already_nominated")
    assert await titles(listed, week) == ["Blue", "Hejira"]
    assert len(await told()) == announced


async def test_what_has_won_is_not_edited_away(ask, nominate, listed, edited, refusal):
    week, ida, _, _, hejira, made = edited
    await ask("POST", f"/club/weeks/{week}/winner", {"nomination_id": made["id"]})
    assert refusal(await nominate(week, ida, hejira, **said_in("77"))) == (409, "winner_stays")
    assert await titles(listed, week) == ["Blue"]
