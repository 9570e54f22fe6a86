"""Reading the audit."""

from typing import Annotated

from fastapi import Query

from chassis.audit import entry
from chassis.db import Read
from chassis.http import router as chassis_router
from chassis.paging import Cursor, Limit, encode_cursor, place_of
from chassis.tokens import SignedCaller
from club.audit import rules, store
from club.clubs.rules import check_admin
from contracts.audit import AuditEntry
from contracts.paging import Page

router = chassis_router(prefix="/admin/audit", tags=["moderation"])


class Asked(rules.Filters):
    """What an address can ask for."""

    limit: Limit = 50
    cursor: Cursor = None


@router.get("")
async def read_audit(caller: SignedCaller, asked: Annotated[Asked, Query()], tx: Read) -> Page[AuditEntry]:
    """Who did what, to what, from what to what, and why: newest first, for admins."""
    check_admin(caller)
    found = await store.page(tx, asked, place_of(asked.cursor), asked.limit)
    shown = [entry(row) for row in found[: asked.limit]]
    return Page(items=shown, next_cursor=encode_cursor(str(shown[-1].id)) if len(found) > asked.limit else None)
