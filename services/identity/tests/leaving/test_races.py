"""What comes while somebody leaves, over connections of its own."""

import asyncio

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import create_async_engine

from chassis.departures import AccountDeleted
from chassis.outbox import Outgoing
from chassis.testing import mentions
from contracts.leaving import UserDeleted
from identity.activity.consumers import note_completed, note_rating
from identity.leaving.taking import take
from identity.models import User

AT_ONCE = 8


@pytest.fixture
async def begin(start, test_settings):
    """As `start`; what only the owner may empty is empty afterwards, too."""
    yield start
    owner = create_async_engine(test_settings.role_url("identity_owner"))
    async with owner.begin() as connection:
        kept = "user_aliases, audit, departures, passwords, participants, token_families, refresh_tokens"
        await connection.execute(text(f"TRUNCATE {', '.join(f'identity.{each}' for each in kept.split(', '))}"))
    await owner.dispose()


@pytest.fixture
def meet(sign):
    async def put(client, snowflake, **profile):
        answer = await client.put(f"/users/discord/{snowflake}", json=profile, headers=sign())
        assert answer.is_success, answer.text
        return answer.json()["id"]

    return put


async def kept(app, *words):
    """Where anybody is still named."""
    async with app.state.db.transaction() as tx:
        return await mentions(tx, *words)


async def test_leaving_once_of_many_who_ask_at_once_is_leaving_once(begin, app, sign, meet):
    async with begin() as client:
        ida = await meet(client, "1")
        answers = await asyncio.gather(
            *(client.delete(f"/admin/users/{ida}", headers=sign("admin")) for _ in range(AT_ONCE))
        )
        assert {answer.status_code for answer in answers} == {204}
        assert await kept(app, ida) == set()
        async with app.state.db.transaction() as tx:
            told = (await tx.scalars(select(Outgoing.body).where(Outgoing.type == UserDeleted.topic))).all()
            written = await tx.scalar(text("SELECT count(*) FROM audit WHERE action = 'user.deleted'"))
    assert (len(told), written) == (AT_ONCE, 1)


async def test_who_is_renamed_followed_and_merged_while_they_leave_is_gone_or_somebody_new(begin, app, sign, meet):
    async with begin() as client:
        for round_ in range(4):
            snowflake = f"30000000000000000{round_}"
            ida, eda, ben = [await meet(client, each) for each in (snowflake, f"{snowflake}1", f"{snowflake}2")]
            merge = {"from": eda, "into": ida, "reason": "Both are Ida."}
            as_ida, as_ben = sign("user", ida), sign("user", ben)
            asked = [
                *(meet(client, snowflake, display_name=f"Ida {each}") for each in range(3)),
                client.put(f"/users/{ida}/follow", headers=as_ben),
                client.put(f"/users/{ben}/follow", headers=as_ida),
                client.put(f"/users/{ben}/block", headers=as_ida),
                client.post("/users/me/keys", json={"name": "A player"}, headers=as_ida),
                client.post("/admin/users/merge", json=merge, headers=sign("admin")),
            ]
            leaving = client.delete(f"/admin/users/{ida}", headers=sign("admin"))
            answers = await asyncio.gather(*asked[:4], leaving, *asked[4:])
            assert {each.status_code for each in answers if not isinstance(each, str)} <= {200, 201, 204, 401, 403, 404}
            new = await meet(client, snowflake, display_name="Ida")
            assert new != ida
            assert await kept(app, ida) == set()


@pytest.mark.parametrize("handler", [note_rating, note_completed], ids=["rating", "album"])
async def test_what_is_heard_of_while_somebody_leaves_is_not_kept(begin, app, sign, meet, rated, completed, handler):
    told = rated if handler is note_rating else completed
    async with begin() as client:
        for round_ in range(4):
            ida = await meet(client, f"{round_ + 1}")

            async def hear(user_id=ida):
                async with app.state.db.transaction() as tx:
                    await handler(told(user_id), tx)

            leaving = client.delete(f"/admin/users/{ida}", headers=sign("admin"))
            await asyncio.gather(hear(), hear(), leaving, hear(), hear())
            assert await kept(app, ida) == set()


async def test_who_is_taken_to_leave_is_waited_for(begin, app, meet, sign):
    """A follow that finds them taken waits, and is refused once they are gone."""
    async with begin() as client:
        ida, ben = await meet(client, "1"), await meet(client, "2")
        async with app.state.db.transaction() as tx:
            user = await tx.get_one(User, ida)
            await take(tx, user.id, [])
            asked = asyncio.create_task(client.put(f"/users/{ben}/follow", headers=sign("user", ida)))
            await asyncio.sleep(0.2)
            assert not asked.done()
        assert (await asked).status_code == 200
        await client.delete(f"/admin/users/{ida}", headers=sign("admin"))
        answer = await client.put(f"/users/{ben}/follow", headers=sign("user", ida))
    assert (answer.status_code, answer.json()["code"]) == (401, AccountDeleted().code)
