"""Who left: what they did in the catalogue was done by somebody former."""

from uuid import uuid4

from sqlalchemy import select

from chassis.audit import Audited
from chassis.idempotency import Answer
from chassis.testing import mentions
from contracts.leaving import UserDeleted

BLUE = {"title": "Blue", "artist": "Joni Mitchell"}


async def test_an_admin_who_left_changed_albums_as_somebody_former(client, sign, stage, deliver):
    ida, former = str(uuid4()), uuid4()
    headers = sign("user", ida, ["admin"]) | {"Idempotency-Key": "1"}
    made = await client.post("/music/albums", json=BLUE, headers=headers)
    assert made.is_success, made.text
    told = {"user_id": ida, "aliases": [], "former_id": former, "deleted_at": "2025-11-24T12:00:00Z", "version": 9}
    await deliver(UserDeleted.model_validate(told))
    async with stage.db.transaction() as tx:
        assert await mentions(tx, ida) == set()
        whose = select(Audited.actor_id).where(Audited.subject_id == made.json()["id"])
        assert set(await tx.scalars(whose)) == {str(former)}
        assert (await tx.scalars(select(Answer))).all() == []
    refused = await client.post("/music/albums", json=BLUE, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (401, "account_deleted")
