"""All weeks, newest first."""

from typing import Annotated

from fastapi import Query

from chassis.db import Read
from chassis.http import router as chassis_router
from chassis.paging import Cursor, Limit, decode_cursor, encode_cursor
from chassis.tokens import SignedCaller
from club.clubs.addresses import AddressedClub
from club.gallery import rules, store
from club.ratings.sight import sight_of
from club.weeks.store import seen_by
from contracts.club import WeekItem
from contracts.paging import Page

router = chassis_router(prefix="/weeks", tags=["weeks"])


class Asked(rules.Filters):
    """What an address can ask for."""

    limit: Limit = 25
    cursor: Cursor = None


@router.get("")
async def list_weeks(
    club_id: AddressedClub, caller: SignedCaller, asked: Annotated[Asked, Query()], tx: Read
) -> Page[WeekItem]:
    """Weeks by falling number, each with its winner; tags and nominator are those of the nomination that won."""
    rules.check_sees(caller, asked)
    before = decode_cursor(asked.cursor, int)[0] if asked.cursor else None
    sight = await sight_of(tx, club_id, caller)
    among, with_discord = await seen_by(tx, club_id, caller), caller.sees_discord_ids
    found = await store.page(tx, among, asked, sight.viewer, before, asked.limit, with_discord=with_discord)
    shown = found[: asked.limit]
    return Page(
        items=[store.item(each, sight) for each in shown],
        next_cursor=encode_cursor(shown[-1].Week.number) if len(found) > asked.limit else None,
    )
