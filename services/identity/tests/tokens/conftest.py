"""A member who has linked Spotify, and the tokens that workers ask for."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from identity.models import LinkedAccount


@pytest.fixture
async def wren(spotify, browsers, make_user):
    """The id of a member who has linked Spotify."""
    browser = browsers(await make_user())
    page = (await browser.post("/auth/spotify/link")).json()["authorize_url"]
    await browser.get(await browser.callback(page), follow_redirects=False)
    return browser.door.user


@pytest.fixture
def use(client, sign):
    """`use(user)`: what a worker gets."""

    async def use_(user_id, provider="spotify", kind="worker", scopes=("tokens:read",), **headers):
        caller = sign("service", "club") if kind == "service" else sign(kind, scopes=scopes)
        return await client.post(f"/internal/users/{user_id}/tokens/{provider}", headers=caller | headers)

    return use_


@pytest.fixture
def expire(stage):
    """The hour that an access token lasts is over."""

    async def expire_():
        async with stage.db.transaction() as tx:
            await tx.execute(update(LinkedAccount).values(access_expires_at=datetime.now(UTC) - timedelta(hours=1)))

    return expire_


@pytest.fixture
def stored(stage):
    async def stored_(user_id):
        async with stage.db.transaction() as tx:
            return (await tx.scalars(select(LinkedAccount).where(LinkedAccount.user_id == user_id))).one()

    return stored_
