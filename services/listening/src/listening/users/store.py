"""Where listening's copy of people is kept."""

from collections.abc import Iterable

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.aliases import survivors_of
from chassis.departures import keep_newest_of
from contracts.identity import UserChanged, UserIn
from contracts.ids import UserId
from listening.models import User, UserAlias

COPIED = {"version", "display_name", "handle", "avatar_url", "discord_id", "timezone"}


async def keep_user(tx: AsyncSession, told: UserChanged) -> None:
    """Let the person be as identity tells, unless something newer is known or they have left."""
    state = told.model_dump(include=COPIED) | {"privacy": told.privacy.model_dump()}
    await keep_newest_of(tx, told.user_id, User, {"id": told.user_id, **state})


async def find_all(tx: AsyncSession, named: Iterable[UserIn]) -> dict[UserId | str, UserId]:
    """Whom the copy knows of those named, by the id they were named by."""
    wanted = [*named]
    ids = {each.user_id for each in wanted if each.user_id}
    discord_ids = {each.discord_id for each in wanted if each.discord_id}
    rows = await tx.execute(
        select(User.id, User.discord_id).where(or_(User.id.in_(ids), User.discord_id.in_(discord_ids)))
    )
    found: dict[UserId | str, UserId] = {}
    for row in rows:
        found |= {each: row.id for each in (row.id, row.discord_id) if each}
    return found | await survivors_of(tx, UserAlias, ids)
