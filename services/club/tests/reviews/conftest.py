"""A week with reviews, and an admin."""

import pytest


@pytest.fixture
async def week(ask, a_week, record):
    week_id, blue = await a_week(), await record("Blue")
    await ask("PATCH", f"/club/weeks/{week_id}", {"winner_album_id": str(blue.album_id)})
    return week_id


@pytest.fixture
def review(ask, week):
    """`await review(ida, "Lovely.")`: the id of her rating."""

    async def write(person, text, rating=4):
        body = {"user": {"user_id": str(person.user_id)}, "rating": rating, "review": text}
        return (await ask("POST", f"/club/weeks/{week}/ratings", body)).json()["id"]

    return write


@pytest.fixture
def admin(sign):
    return sign("admin")


@pytest.fixture
def hide(ask, admin):
    """`await hide(rating_id, "Names a member.")`: the answer to an admin; with `by`, to somebody else."""

    async def send(rating_id, reason="Names a member.", by=None):
        return await ask("DELETE", f"/admin/reviews/{rating_id}?reason={reason}", by=by or admin)

    return send


@pytest.fixture
def restore(ask, admin):
    async def send(rating_id, body=None, by=None):
        return await ask("POST", f"/admin/reviews/{rating_id}/restore", body or {}, by=by or admin)

    return send
