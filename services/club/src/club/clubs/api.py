"""Making clubs and deciding their rules."""

from fastapi import Response, status

from chassis.db import Read, Tx
from chassis.http import router as chassis_router
from chassis.paging import Cursor, Limit, encode_cursor, place_of
from chassis.tokens import SignedCaller
from club.clubs import rules, store
from contracts.clubs import Club, NewClub, Slug
from contracts.paging import Page

router = chassis_router(prefix="/clubs", tags=["clubs"])


@router.put("/{slug}", responses={201: {"model": Club}})
async def decide(slug: Slug, new: NewClub, caller: SignedCaller, response: Response, tx: Tx) -> Club:
    """Make the club of this slug (201), or change what is carried of it and of its rules."""
    rules.check_admin(caller)
    club, made = await store.ensure_club(tx, slug, new)
    if made:
        response.status_code = status.HTTP_201_CREATED
    return store.shown(club)


@router.get("/{slug}")
async def one_club(slug: Slug, _: SignedCaller, tx: Read) -> Club:
    """A club and its rules, defaults included."""
    return store.shown(await store.by_slug(tx, slug))


@router.get("")
async def list_clubs(_: SignedCaller, tx: Read, limit: Limit = 50, cursor: Cursor = None) -> Page[Club]:
    """All clubs, oldest first: the default club is the first."""
    found = await store.page(tx, place_of(cursor), limit)
    return Page(
        items=[store.shown(club) for club in found[:limit]],
        next_cursor=encode_cursor(str(found[limit - 1].id)) if len(found) > limit else None,
    )
