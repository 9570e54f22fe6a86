"""Merging a member into whom they turned out to be."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.aliases import keep_alias, one_merge_at_a_time, survivor_of
from chassis.departures import gone
from club.audit.record import record
from club.members.store import people
from club.merging import rules
from club.merging.ballots import fold_ballots
from club.merging.nominations import fold_nominations
from club.merging.places import fold_bars, fold_rosters, leave
from club.merging.ratings import fold_ratings
from club.merging.taking import Taken, take
from club.models import UserAlias
from contracts.identity import UserMerged
from contracts.ids import UserId


async def merge(tx: AsyncSession, merged: UserMerged) -> None:
    """Let all that the one did be the survivor's. Told again, late or in another order, it ends the same."""
    old = merged.user_id
    await one_merge_at_a_time(tx, UserAlias)
    survivor = await survivor_of(tx, UserAlias, merged.survivor_id)
    if survivor == old or await gone(tx, [old, survivor]):
        return
    first_time = await survivor_of(tx, UserAlias, old) == old
    taken = await take(tx, old, survivor) if first_time else None
    await keep_alias(tx, UserAlias, old, survivor, merged.version)
    if taken is not None:
        await _record(tx, old, survivor, await _fold(tx, old, survivor, taken))


async def fold_aliases(tx: AsyncSession, among: Collection[UserId]) -> None:
    """Let what was written for aliases, as a restore writes it, be the survivors'; in a club that is taken."""
    rows = select(UserAlias.id, UserAlias.survivor_id).where(UserAlias.id.in_(among)).order_by(UserAlias.id)
    for old, survivor in [(UserId(each), UserId(into)) for each, into in await tx.execute(rows)]:
        became = await _fold(tx, old, survivor, await take(tx, old, survivor))
        if any(map(_told, became.values())):
            await _record(tx, old, survivor, became)


async def _fold(tx: AsyncSession, old: UserId, survivor: UserId, taken: Taken) -> dict[str, Any]:
    """What became of all that was the old one's, by noun."""
    became = {
        "nominations": await fold_nominations(tx, old, survivor, taken.weeks),
        "ballots": await fold_ballots(tx, old, survivor, taken.weeks),
        "ratings": await fold_ratings(tx, old, survivor, taken.weeks),
        "roster": await fold_rosters(tx, old, survivor, taken.clubs),
        "bars": await fold_bars(tx, old, survivor),
    }
    await leave(tx, old)
    return became


async def _record(tx: AsyncSession, old: UserId, survivor: UserId, became: dict[str, Any]) -> None:
    """One entry for all of it, with the rules by which it was settled; ballots by their refs, without their choices."""
    told = {noun: _told(each) for noun, each in became.items() if _told(each)}
    before = (await people(tx, [old], with_discord=True))[old]
    applied = {noun: rules.RULES[noun] for noun in told}
    after = {"survivor_id": survivor, "became": told, "rules": applied}
    await record(tx, "member.merged", old, None, before=before, after=after)


def _told(each: Any) -> Any:
    return {name: some for name, some in each.items() if some} if isinstance(each, dict) else each
