"""Exports that tell of somebody who left: they bring nobody back."""

from uuid import uuid4

import pytest
from sqlalchemy import text

from chassis.testing import mentions
from club.models import Member
from contracts.leaving import UserDeleted


@pytest.fixture
def leave(deliver):
    """`await leave(user_id)`: identity tells that they left; as whom what stays is kept."""

    async def tell(user_id):
        former = uuid4()
        told = {"version": 9_000, "deleted_at": "2025-11-25T12:00:00Z", "former_id": former, "aliases": []}
        await deliver(UserDeleted.model_validate(told | {"user_id": user_id}))
        return former

    return tell


@pytest.fixture
def named(stage):
    """`await named(user_id)`: which tables still tell of anybody."""

    async def read(*words):
        async with stage.db.transaction() as tx:
            return {table for table, _ in await mentions(tx, *words)}

    return read


def known_as(document, name):
    return next(each["id"] for each in document["people"] if each["display_name"] == name)


@pytest.fixture
def voters(stage):
    """`await voters()`: what those are called whose ballots there are, and those whose ratings there are."""

    async def read():
        async with stage.db.transaction() as tx:
            return [
                sorted(await tx.scalars(text(f"SELECT display_name FROM {table} JOIN members ON members.id = user_id")))
                for table in ("ballots", "ratings")
            ]

    return read


async def test_an_export_from_before_brings_nobody_back(elsewhere, leave, restore, named, voters):
    ida = known_as(elsewhere, "Ida")
    await leave(ida)
    answer = await restore(elsewhere, slug="again")
    assert answer.status_code == 200, answer.text
    assert await named(ida) == set()
    ballots, ratings = await voters()
    assert ballots == ["A former member", "Ben", "Ben", "Ida"]
    assert ratings == ["Ida"]


async def test_whom_identity_does_not_let_in_again_is_somebody_former(elsewhere, restore, owners, named, voters):
    """They have left, and the club has not heard of it yet."""
    ida, adopted = known_as(elsewhere, "Ida"), owners["identity"].answers["POST /internal/users/adopt"]

    def but_ida(body):
        return {"users": [each for each in adopted(body)["users"] if each["user_id"] != ida]}

    owners["identity"].answers["POST /internal/users/adopt"] = but_ida
    answer = await restore(elsewhere, slug="again")
    assert answer.status_code == 200, answer.text
    assert await named(ida) == set()
    assert (await voters())[0].count("A former member") == 1


async def test_somebody_former_comes_along_and_nobody_is_asked_for_them(
    booth, leave, as_another, restore, owners, stage
):
    ida, ben, _ = booth.people
    for person, nomination in ((ida, booth.nominations[0]), (ben, booth.nominations[1])):
        await booth.cast(person, nomination)
    await booth.close()
    await leave(ida.user_id)
    document = await as_another()
    (former,) = [each for each in document["people"] if each["former"]]
    answer = await restore(document, slug="again")
    assert answer.status_code == 200, answer.text
    asked = {each["display_name"] for _, body in owners["identity"].asked for each in body["users"]}
    assert asked == {"Ben", "Xenia", "Yann", "Zoe"}
    async with stage.db.transaction() as tx:
        member = await tx.get_one(Member, former["id"])
    assert (member.display_name, member.former) == ("A former member", True)
