"""Albums that the club has had, or might have had."""

from typing import Annotated, Any

from fastapi import Query
from pydantic import BaseModel, Field, model_validator

from chassis.db import Read
from chassis.http import router as chassis_router
from chassis.paging import Cursor, Limit, decode_cursor, encode_cursor
from chassis.tokens import SignedCaller
from club.clubs.addresses import AddressedClub
from club.featured import store
from club.gallery.rules import without_blanks
from club.weeks.store import seen_by
from contracts import text
from contracts.memory import KnownAlbum
from contracts.paging import Page

router = chassis_router(prefix="/albums", tags=["memory"])


class Asked(BaseModel):
    """What an address can ask for."""

    q: text.Query | None = Field(default=None, description="Part of title and artist, or nearly.")
    limit: Limit = 25
    cursor: Cursor = None

    @model_validator(mode="before")
    @classmethod
    def _leave_out_blanks(cls, given: Any) -> Any:
        return without_blanks(given)


@router.get("")
async def known_albums(
    club_id: AddressedClub, caller: SignedCaller, asked: Annotated[Asked, Query()], tx: Read
) -> Page[KnownAlbum]:
    """Albums that were nominated or featured, best match first; without `q`, the last featured first."""
    # A rank is no address to continue from: it is counted instead.
    (passed,) = decode_cursor(asked.cursor, int) if asked.cursor else (0,)
    seen = await seen_by(tx, club_id, caller)
    found = await store.page(tx, seen, asked.q, passed, asked.limit + 1)
    return Page(
        items=await store.items(tx, seen, found[: asked.limit], with_discord=caller.sees_discord_ids),
        next_cursor=encode_cursor(passed + asked.limit) if len(found) > asked.limit else None,
    )
