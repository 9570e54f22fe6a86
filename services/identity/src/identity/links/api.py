"""A member's linked accounts over HTTP."""

from fastapi import status

from chassis.db import Read, Tx
from chassis.http import router as make_router
from chassis.tokens import SignedCaller
from contracts.accounts import Link
from contracts.identity import Provider
from contracts.paging import Page
from identity.links.announcement import shown
from identity.links.linking import unlink
from identity.links.store import links_of
from identity.oauth.rules import member

router = make_router(prefix="/users/me/links", tags=["links"])


@router.get("")
async def read_links(caller: SignedCaller, tx: Read) -> Page[Link]:
    """The accounts you have linked, and how each is. What opens them is never shown."""
    return Page(items=[shown(row) for row in await links_of(tx, member(caller))], next_cursor=None)


@router.delete("/{provider}", status_code=status.HTTP_204_NO_CONTENT)
async def remove_link(provider: Provider, caller: SignedCaller, tx: Tx) -> None:
    """Unlink an account: what we could use it with is wiped at once."""
    await unlink(tx, member(caller), provider)
