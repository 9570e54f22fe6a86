"""People who come from another deployment with the ids they have there."""

from uuid import uuid4

import pytest
from sqlalchemy import func, select

from chassis.audit import Audited
from contracts.identity import UserChanged
from identity.models import User


def person(name, **more):
    return {"id": str(uuid4()), "display_name": name, "discord_id": str(uuid4().int >> 64)} | more


@pytest.fixture
def adopt(client, sign):
    async def send(*users, kind="service", **more):
        return await client.post("/internal/users/adopt", json={"users": users, **more}, headers=sign(kind))

    return send


@pytest.fixture
def people(stage):
    async def count():
        async with stage.db.transaction() as tx:
            return await tx.scalar(select(func.count()).select_from(User))

    return count


async def test_they_keep_their_ids_and_are_announced_and_audited_once(adopt, announced, stage, client, sign):
    ida, ben = person("Ida", avatar_url="https://cdn.example/ida.png", handle="ida"), person("Ben", discord_id=None)
    told = (await adopt(ida, ben)).json()["users"]
    assert [each["user_id"] for each in told] == [ida["id"], ben["id"]]
    assert [each["discord_id"] for each in told] == [ida["discord_id"], None]
    assert (await adopt(ida, ben)).json()["users"] == told
    events = await announced(UserChanged)
    assert sorted(str(event.user_id) for event in events) == sorted([ida["id"], ben["id"]])
    async with stage.db.transaction() as tx:
        theirs = select(Audited).where(Audited.subject_id.in_([ida["id"], ben["id"]]))
        entries = (await tx.scalars(theirs)).all()
    assert {(entry.action, entry.subject_id) for entry in entries} == {
        ("user.adopted", each["id"]) for each in (ida, ben)
    }
    met = await client.post("/internal/users", json={"discord_id": ida["discord_id"]}, headers=sign("service"))
    assert met.json()["user_id"] == ida["id"]


async def test_who_is_known_stays_as_they_are(adopt):
    ida = person("Ida")
    known = (await adopt(ida)).json()["users"]
    assert (await adopt(ida | {"display_name": "Somebody", "avatar_url": "https://cdn.example/x.png"})).json()[
        "users"
    ] == known


async def test_a_discord_id_of_another_person_is_refused_by_name_and_nobody_is_adopted(adopt, people):
    ida = person("Ida")
    await adopt(ida)
    other, ben = person("Not Ida", discord_id=ida["discord_id"]), person("Ben")
    for more in ({}, {"only_ask": True}):
        answer = await adopt(ben, other, **more)
        assert (answer.status_code, answer.json()["code"]) == (409, "somebody_else")
        assert other["id"] in answer.json()["detail"]
        assert ben["id"] not in answer.json()["detail"]
    assert await people() == 1


async def test_two_people_with_one_discord_id_are_refused(adopt, people):
    ida = person("Ida")
    assert (await adopt(ida, person("Ben", discord_id=ida["discord_id"]))).status_code == 409
    assert await people() == 0


async def test_asking_only_makes_nobody_and_tells_who_is_there(adopt, people, announced):
    ida, ben = person("Ida"), person("Ben")
    await adopt(ida)
    told = (await adopt(ida, ben, only_ask=True)).json()["users"]
    assert [each["user_id"] for each in told] == [ida["id"]]
    assert await people() == len(await announced(UserChanged)) == 1


async def test_a_handle_that_another_has_is_left_behind(adopt):
    await adopt(person("Ida", handle="ida"))
    told = (
        await adopt(person("Ida II", handle="ida"), person("Ben", handle="ben"), person("Ben II", handle="ben"))
    ).json()
    assert [each["handle"] for each in told["users"]] == [None, "ben", None]


async def test_somebody_named_twice_is_adopted_once(adopt, people):
    ida = person("Ida")
    assert len((await adopt(ida, ida)).json()["users"]) == 2
    assert await people() == 1


@pytest.mark.parametrize("kind", ["anonymous", "user", "bot", "worker", "admin"])
async def test_only_services_adopt(adopt, people, kind):
    assert (await adopt(person("Ida"), kind=kind)).status_code == 403
    assert await people() == 0


@pytest.mark.parametrize("users", [[], [{}], [{"id": "7", "display_name": "Ida"}], [person("Ida", sneaky=1)]])
async def test_what_is_no_list_of_people_is_refused(adopt, users):
    assert (await adopt(*users)).status_code == 422


async def test_five_hundred_come_at_once_and_no_more(adopt, people):
    crowd = [person(f"Member {number}") for number in range(501)]
    assert (await adopt(*crowd)).status_code == 422
    assert (await adopt(*crowd[:500])).status_code == 200
    assert await people() == 500


async def test_handles_come_along_as_far_as_they_can_be_told_apart_here(adopt):
    crowd = [person("Ida", handle="Ida"), person("Eda", handle="1da"), person("Ben", handle="ben")]
    crowd += [person("Root", handle="admin"), person("Odd", handle="\N{CYRILLIC SMALL LETTER A}da")]
    told = (await adopt(*crowd)).json()["users"]
    assert [each["handle"] for each in told] == ["ida", None, "ben", None, None]


async def test_privacy_comes_along(adopt):
    told = (await adopt(person("Ida", privacy={"ratings": "private"}))).json()["users"]
    assert told[0]["privacy"] == {"listening": "public", "taste": "public", "ratings": "private"}
