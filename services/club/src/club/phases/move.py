"""Moving a week from phase to phase: a host does, the clock does, and deadlines do, when an open week gets them."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from club.models import Week
from club.phases.past import remember
from club.phases.rules import leaves_voting, reopens_voting
from club.results.closing import on_leaving_voting, on_reopening
from club.weeks.store import change_week
from contracts.phases import Phase
from contracts.refs import Ref


async def move_on(  # noqa: PLR0913 — the week and all that may change of it
    tx: AsyncSession,
    week: Week,
    to: Phase,
    fields: Mapping[str, Any] = MappingProxyType({}),
    refs: Iterable[Ref] = (),
    *,
    new: bool = False,
    reason: str | None = None,
) -> None:
    """Let a week that is taken be in phase `to`, with whatever else of it changes: one version, one announcement."""
    moved = new or week.phase != to
    changes = {**fields, "phase": to}
    if week.kind == "album" and leaves_voting(week.phase, to):
        changes |= await on_leaving_voting(tx, week)
    if reopens_voting(week.phase, to):
        await on_reopening(tx, week)
    await change_week(tx, week, changes, refs, new=new, reason=reason)
    if moved:
        await remember(tx, week)
