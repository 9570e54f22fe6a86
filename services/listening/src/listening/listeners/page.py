"""A page of listeners, with what all of them come to."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.caller import Caller
from chassis.paging import BadCursor, decode_cursor, encode_cursor
from contracts.identity import Person
from contracts.listeners import ListenedTo, Listener
from listening.listeners import store


async def page(  # noqa: PLR0913, PLR0917 — of what, for whom, and which page
    tx: AsyncSession, kind: int, ids: Sequence[UUID], caller: Caller, cursor: str | None, limit: int
) -> dict[str, Any]:
    """What `Listeners` says of the album or artist that has these ids; raises BadCursor."""
    total, found = await store.listeners(tx, kind, ids, caller, _place(cursor), limit + 1)
    shown = found[:limit]
    return {
        "items": [_listener(row, with_discord=caller.sees_discord_ids) for row in shown],
        "next_cursor": encode_cursor(shown[-1].plays, str(shown[-1].id)) if len(found) > limit else None,
        "total": ListenedTo(people=total.people, plays=total.all_plays, ms=total.all_ms),
    }


def _place(cursor: str | None) -> tuple[int, UUID] | None:
    if cursor is None:
        return None
    plays, user_id = decode_cursor(cursor, int, str)
    try:
        return plays, UUID(user_id)
    except ValueError as error:
        raise BadCursor from error


def _listener(row: Any, *, with_discord: bool) -> Listener:
    return Listener(
        user=Person(
            id=row.id,
            display_name=row.display_name,
            handle=row.handle,
            avatar_url=row.avatar_url,
            discord_id=row.discord_id if with_discord else None,
        ),
        plays=row.plays,
        ms=row.ms,
        first_month=row.first_month,
        last_month=row.last_month,
    )
