"""People to merge."""

import pytest


@pytest.fixture
def merge(client, sign):
    """`await merge(old, into)`: the answer to an admin."""

    async def post(old, into, by=None):
        body = {"from": old, "into": into, "reason": "Both are Ida."}
        return await client.post("/admin/users/merge", json=body, headers=by or sign("admin"))

    return post


@pytest.fixture
def seen(client, sign):
    """`await seen(id)`: who that is, for a bot."""

    async def get(user_id):
        answer = await client.get(f"/users/{user_id}", headers=sign())
        return answer.json()

    return get
