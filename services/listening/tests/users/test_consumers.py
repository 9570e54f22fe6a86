"""Listening's copy of the people."""

from uuid import uuid4

from sqlalchemy import select

from contracts.identity import UserChanged
from listening.models import User


async def test_a_person_is_copied_and_an_older_state_changes_nothing(stage, deliver):
    known = {"user_id": uuid4(), "handle": None, "avatar_url": None, "discord_id": "1"}
    await deliver(UserChanged(version=5, display_name="Ida", **known))
    await deliver(UserChanged(version=4, display_name="Eda", **known))
    async with stage.db.transaction() as tx:
        (row,) = (await tx.scalars(select(User))).all()
    assert row.display_name == "Ida"


async def test_the_service_says_that_it_is_alive(client):
    assert (await client.get("/livez")).json() == {"status": "ok"}
