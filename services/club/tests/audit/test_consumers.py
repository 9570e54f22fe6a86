"""What the club keeps of what others announce that was done."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from uuid_utils.compat import uuid7

from chassis.audit import Audited
from chassis.testing import mentions
from contracts.audit import CatalogAuditRecorded, IdentityAuditRecorded
from contracts.leaving import UserDeleted

IDA = UUID("019ab6e1-1111-7111-8111-111111111111")
NOBODY = str(UUID(int=0))
RENAMED = {"display_name": "Ida", "discord_id": "275928847299117063", "user_id": str(IDA), "version": 7}
ENTRY = {
    "at": "2025-11-24T12:00:00Z",
    "service": "identity",
    "actor_kind": "user",
    "actor_id": str(IDA),
    "action": "user.changed",
    "subject_id": str(IDA),
    "club_id": None,
    "before": RENAMED | {"display_name": "Eda"},
    "after": RENAMED,
    "reason": "Ida says so.",
    "request_id": None,
}


@pytest.fixture
def kept(stage):
    async def read(entry_id):
        async with stage.db.transaction() as tx:
            return await tx.get_one(Audited, entry_id)

    return read


@pytest.fixture
async def left(deliver):
    told = {"user_id": IDA, "aliases": [], "former_id": uuid4(), "deleted_at": "2025-11-25T12:00:00Z", "version": 9}
    await deliver(UserDeleted.model_validate(told))


async def test_what_is_told_late_of_who_left_names_nobody_and_says_nothing(left, deliver, kept, stage):
    told = IdentityAuditRecorded.model_validate({"version": 1, "entry": ENTRY | {"id": uuid7()}})
    for _ in range(2):
        await deliver(told)
    entry = await kept(told.entry.id)
    assert (entry.actor_id, entry.subject_id, entry.action, entry.reason) == (NOBODY, NOBODY, "user.changed", None)
    assert entry.after == {"display_name": None, "discord_id": None, "user_id": NOBODY, "version": 7}
    async with stage.db.transaction() as tx:
        assert await mentions(tx, str(IDA), "Ida", "275928847299117063") == set()


async def test_what_somebody_did_who_left_is_told_late_as_nobodys(left, deliver, kept):
    album = str(uuid4())
    changed = {"subject_id": album, "before": {"year": 1970}, "after": {"year": 1971}, "reason": None}
    entry = ENTRY | {"id": uuid7(), "service": "catalog", "action": "album.changed"} | changed
    await deliver(CatalogAuditRecorded.model_validate({"version": 1, "entry": entry}))
    found = await kept(entry["id"])
    assert (found.actor_id, found.subject_id, found.after) == (NOBODY, album, {"year": 1971})


async def test_what_others_did_is_kept_as_it_is_told(left, deliver, stage):
    ben = str(uuid4())
    entry = ENTRY | {"id": uuid7(), "actor_id": ben, "subject_id": ben, "before": None, "after": {"name": "Ben"}}
    told = IdentityAuditRecorded.model_validate({"version": 1, "entry": entry})
    await deliver(told)
    async with stage.db.transaction() as tx:
        (found,) = (await tx.scalars(select(Audited))).all()
    assert (found.subject_id, found.after, found.reason) == (ben, {"name": "Ben"}, "Ida says so.")
