"""People who leave."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, update

from chassis.testing import mentions
from contracts.listening import AlbumCompleted
from contracts.ratings import RatingGiven
from identity.models import Session


@pytest.fixture
def cookie():
    """`cookie(answer)`: the secret of the session that an answer begins."""
    return lambda answer: answer.headers["set-cookie"].partition("=")[2].partition(";")[0]


@pytest.fixture
def account(register, principal, cookie, me):
    """`await account("wren")`: the id of somebody who has just signed in, and the headers of their browser."""

    async def make(handle="wren"):
        answer = await register(handle)
        assert answer.status_code == 201, answer.text
        return answer.json()["user"]["id"], me(await principal(session=cookie(answer)))

    return make


@pytest.fixture
def leave(visit):
    """`await leave(browser)`: the answer to somebody who deletes themself."""

    async def delete(by):
        return await visit("DELETE", "/users/me", by=by)

    return delete


@pytest.fixture
def remove(client, sign):
    """`await remove(user_id)`: the answer to an admin."""

    async def delete(user_id, by=None, **query):
        return await client.delete(f"/admin/users/{user_id}", params=query, headers=by or sign("admin"))

    return delete


@pytest.fixture
def named(stage):
    """`await named("175")`: where anything is kept that names somebody."""

    async def read(*words):
        async with stage.db.transaction() as tx:
            return await mentions(tx, *words)

    return read


@pytest.fixture
def older(stage):
    """`await older(minutes=10)`: every session began so much earlier."""

    async def make(**by):
        async with stage.db.transaction() as tx:
            began = func.clock_timestamp() - timedelta(**by)
            await tx.execute(update(Session).values(created_at=began).execution_options(synchronize_session=False))

    return make


@pytest.fixture
def rated():
    """`rated(ida)`: what the club tells of a rating of hers."""

    def told(user_id, week_id=None, version=1):
        return RatingGiven(
            week_id=week_id or uuid4(),
            user_id=user_id,
            album_id=uuid4(),
            version=version,
            rating=4.5,
            favorite_track=None,
            review=None,
            visible_from="2025-11-24T12:00:00Z",
            withdrawn=False,
            given_at="2025-11-24T12:00:00Z",
        )

    return told


@pytest.fixture
def completed():
    """`completed(ida)`: what listening tells of an album that she has heard whole."""

    def told(user_id, version=1):
        about = {"album_id": uuid4(), "completed_at": "2025-11-24T12:00:00Z", "in_order": True}
        return AlbumCompleted(user_id=user_id, version=version, **about)

    return told
