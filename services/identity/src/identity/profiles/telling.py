"""Telling those who keep copies that somebody shows less now, without waiting for the bus."""

import asyncio
from collections.abc import Sequence

from chassis.client import Neighbour
from chassis.errors import Refusal
from contracts.identity import UserChanged

KEPT_AT = {
    "club": "/internal/members/privacy",
    "listening": "/internal/listeners/privacy",
    "taste": "/internal/tasters/privacy",
}


async def tell_narrowed(told: UserChanged, keepers: Sequence[Neighbour]) -> list[str]:
    """The names of those that could not be reached: they hear of it by the event."""
    reached = await asyncio.gather(*(_reached(told, keeper) for keeper in keepers))
    return [keeper.name for keeper, there in zip(keepers, reached, strict=True) if not there]


async def _reached(told: UserChanged, keeper: Neighbour) -> bool:
    try:
        await keeper.post(KEPT_AT[keeper.name], told.model_dump(mode="json"))
    except Refusal:
        return False
    return True
