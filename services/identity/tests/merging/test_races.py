"""What comes while people are merged, over connections of its own."""

import asyncio
from uuid import uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import create_async_engine

from chassis.outbox import Outgoing
from contracts.identity import UserMerged
from contracts.listening import AlbumCompleted
from identity.activity.consumers import note_completed
from identity.models import Activity, LinkedAccount, User, UserAlias

AT_ONCE = 10


@pytest.fixture
async def begin(start, test_settings):
    """As `start`; the aliases are gone afterwards, too, and the audit, which only the owner may empty."""
    yield start
    owner = create_async_engine(test_settings.role_url("identity_owner"))
    async with owner.begin() as connection:
        await connection.execute(text("TRUNCATE identity.user_aliases, identity.audit"))
    await owner.dispose()


async def test_the_same_merge_at_once_is_one_merge(begin, app, sign):
    async with begin() as client:
        old, into = [
            (await client.put(f"/users/discord/{each}", json={}, headers=sign())).json()["id"] for each in (1, 2)
        ]
        body = {"from": old, "into": into, "reason": "Both are Ida."}
        answers = await asyncio.gather(
            *(client.post("/admin/users/merge", json=body, headers=sign("admin")) for _ in range(AT_ONCE))
        )
        async with app.state.db.transaction() as tx:
            told = (await tx.scalars(select(Outgoing.body).where(Outgoing.type == UserMerged.topic))).all()
    assert {(answer.status_code, answer.json()["id"]) for answer in answers} == {(200, into)}
    assert len(told) == 1


async def test_either_into_the_other_at_once_is_one_merge_and_one_refusal(begin, sign):
    async with begin() as client:
        pair = [(await client.put(f"/users/discord/{each}", json={}, headers=sign())).json()["id"] for each in (1, 2)]
        bodies = [{"from": a, "into": b, "reason": "Both are Ida."} for a, b in (pair, pair[::-1])]
        answers = await asyncio.gather(
            *(client.post("/admin/users/merge", json=body, headers=sign("admin")) for body in bodies)
        )
    assert sorted(answer.status_code for answer in answers) == [200, 409]


async def test_whom_a_bot_renames_while_they_are_merged_is_the_survivor(begin, app, sign):
    async with begin() as client:
        old, into = [
            (await client.put(f"/users/discord/{each}", json={}, headers=sign())).json()["id"] for each in (1, 2)
        ]
        body = {"from": old, "into": into, "reason": "Both are Ida."}
        renamed = [
            client.put("/users/discord/1", json={"display_name": f"Ida {each}"}, headers=sign())
            for each in range(AT_ONCE)
        ]
        merging = client.post("/admin/users/merge", json=body, headers=sign("admin"))
        answers = await asyncio.gather(*renamed[:5], merging, *renamed[5:])
        last = await client.put("/users/discord/1", json={"display_name": "Ida"}, headers=sign())
        async with app.state.db.transaction() as tx:
            users = {str(user.id): user for user in await tx.scalars(select(User))}
            accounts = {str(each.user_id) for each in await tx.scalars(select(LinkedAccount))}
            aliases = (await tx.scalars(select(UserAlias))).all()
    assert {answer.status_code for answer in answers} == {200}
    assert (last.json()["id"], users[into].display_name) == (into, "Ida")
    assert (accounts, [str(each.survivor_id) for each in aliases]) == ({into}, [into])


async def test_an_album_that_is_heard_of_while_people_are_merged_is_the_survivors(begin, app, sign):
    async with begin() as client:
        old, into = [
            (await client.put(f"/users/discord/{each}", json={}, headers=sign())).json()["id"] for each in (1, 2)
        ]

        async def hear():
            about = {"album_id": uuid4(), "completed_at": "2025-11-24T12:00:00Z", "in_order": True}
            async with app.state.db.transaction() as tx:
                await note_completed(AlbumCompleted(user_id=old, version=1, **about), tx)

        body = {"from": old, "into": into, "reason": "Both are Ida."}
        merging = client.post("/admin/users/merge", json=body, headers=sign("admin"))
        await asyncio.gather(hear(), hear(), merging, hear(), hear())
        async with app.state.db.transaction() as tx:
            whose = [str(each) for each in await tx.scalars(select(Activity.user_id))]
    assert whose == [into] * 4
