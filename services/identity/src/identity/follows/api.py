"""Following and blocking over HTTP."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Row

from chassis.caller import Caller, signed_in
from chassis.db import Read, Tx
from chassis.http import router as make_router
from chassis.paging import Cursor, Limit
from chassis.people import UserPath
from chassis.tokens import SignedCaller
from contracts.follows import PersonSince
from contracts.paging import Page
from identity.follows import changing, store
from identity.follows.rules import check_not_blocked
from identity.models import User
from identity.places import cursor_after, uuid_place_before
from identity.profiles.addresses import SeenUser, user_meant
from identity.users.answers import person

router = make_router(prefix="/users", tags=["follows"])


@router.put("/{user_id}/follow")
async def follow(user_id: UserPath, caller: SignedCaller, tx: Tx) -> PersonSince:
    """Follow somebody; to do it again changes nothing."""
    own = signed_in(caller)
    whom = await user_meant(tx, user_id, caller)
    standing = await changing.follow(tx, own, whom.id)
    return PersonSince(user=person(whom, with_discord=caller.sees_discord_ids), since=standing.since)


@router.delete("/{user_id}/follow", status_code=204)
async def unfollow(user_id: UserPath, caller: SignedCaller, tx: Tx) -> None:
    """No longer follow somebody."""
    await changing.unfollow(tx, signed_in(caller), (await user_meant(tx, user_id, caller)).id)


@router.put("/{user_id}/block", status_code=204)
async def block(user_id: UserPath, caller: SignedCaller, tx: Tx) -> None:
    """Block somebody: neither follows, finds, or sees the activity of the other any more."""
    await changing.block(tx, signed_in(caller), (await user_meant(tx, user_id, caller)).id)


@router.delete("/{user_id}/block", status_code=204)
async def unblock(user_id: UserPath, caller: SignedCaller, tx: Tx) -> None:
    """No longer block somebody. Who followed whom does not come back by itself."""
    await changing.unblock(tx, signed_in(caller), (await user_meant(tx, user_id, caller)).id)


@router.get("/me/blocks")
async def list_blocks(caller: SignedCaller, tx: Read, limit: Limit = 50, cursor: Cursor = None) -> Page[PersonSince]:
    """Whom one has blocked oneself, the last first."""
    found = await store.page(tx, store.blocked_by(signed_in(caller)), uuid_place_before(cursor), limit)
    return _page(found, caller, limit)


@router.get("/{user_id}/followers")
async def list_followers(
    user: SeenUser, caller: SignedCaller, tx: Read, limit: Limit = 50, cursor: Cursor = None
) -> Page[PersonSince]:
    """Who follows a person, the last to begin first."""
    viewer = caller.user_id
    check_not_blocked(blocked=await store.are_apart(tx, viewer, user.id))
    found = await store.page(tx, store.followers_of(user.id, viewer), uuid_place_before(cursor), limit)
    return _page(found, caller, limit)


@router.get("/{user_id}/following")
async def list_following(
    user: SeenUser, caller: SignedCaller, tx: Read, limit: Limit = 50, cursor: Cursor = None
) -> Page[PersonSince]:
    """Whom a person follows, the last begun first."""
    viewer = caller.user_id
    check_not_blocked(blocked=await store.are_apart(tx, viewer, user.id))
    found = await store.page(tx, store.followed_by(user.id, viewer), uuid_place_before(cursor), limit)
    return _page(found, caller, limit)


def _page(found: Sequence[Row[User, datetime]], caller: Caller, limit: int) -> Page[PersonSince]:
    items = [
        PersonSince(user=person(user, with_discord=caller.sees_discord_ids), since=since)
        for user, since in found[:limit]
    ]
    more = len(found) > limit
    return Page(items=items, next_cursor=cursor_after(items[-1].since, items[-1].user.id) if more else None)
