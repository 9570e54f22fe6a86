"""What people do, over HTTP."""

from collections.abc import Sequence

from chassis.caller import Caller, signed_in
from chassis.db import Read
from chassis.http import router as make_router
from chassis.paging import Cursor, Limit
from chassis.tokens import SignedCaller
from contracts.activity import Activity
from contracts.paging import Page
from identity.activity import reading
from identity.activity.reading import Done
from identity.follows.rules import check_not_blocked
from identity.follows.store import are_apart
from identity.places import cursor_after, uuid_place_before
from identity.profiles.addresses import SeenUser

router = make_router(tags=["activity"])


@router.get("/feed")
async def feed(caller: SignedCaller, tx: Read, limit: Limit = 50, cursor: Cursor = None) -> Page[Activity]:
    """What people do whom one follows, or who take part in a club that one takes part in oneself, newest first."""
    around = reading.around(signed_in(caller))
    return _page(await reading.page(tx, around, caller, uuid_place_before(cursor), limit), caller, limit)


@router.get("/users/{user_id}/activity")
async def activity(
    user: SeenUser, caller: SignedCaller, tx: Read, limit: Limit = 50, cursor: Cursor = None
) -> Page[Activity]:
    """What a person does, as far as they and their club show it, newest first."""
    check_not_blocked(blocked=await are_apart(tx, caller.user_id, user.id))
    done = await reading.page(tx, reading.by(user.id), caller, uuid_place_before(cursor), limit)
    return _page(done, caller, limit)


def _page(found: Sequence[Done], caller: Caller, limit: int) -> Page[Activity]:
    items = [reading.shown(done, with_discord=caller.sees_discord_ids) for done in found[:limit]]
    return Page(items=items, next_cursor=cursor_after(items[-1].at, items[-1].id) if len(found) > limit else None)
