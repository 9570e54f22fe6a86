"""Letting a member leave for ever."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import uuid4

from sqlalchemy import and_, delete, exists, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import departures
from chassis.aliases import drop_aliases, one_merge_at_a_time
from chassis.forgetting import Leaver, forget
from club.audit.record import record
from club.leaving import rules
from club.leaving.ballots import leave_ballots
from club.leaving.imports import forget_in_imports
from club.leaving.nominations import leave_nominations
from club.leaving.places import forget_in_overrides, leave_rosters, lift_bars
from club.leaving.ratings import leave_ratings
from club.merging.merge import merge
from club.merging.taking import Taken, take
from club.models import BallotSecret, Member, Participant, UserAlias
from contracts.identity import UserMerged
from contracts.ids import UserId


async def leave(tx: AsyncSession, leaver: UserId, aliases: Collection[UserId], former: UserId) -> None:
    """Let what must stay of them be a former member's, and nothing else stay. Told again, it changes nothing.

    What was theirs by another id becomes theirs first, should the merge not have been told yet.
    """
    ids = await _taken(tx, leaver, aliases)
    for other in ids[1:]:
        await merge(tx, UserMerged(user_id=other, survivor_id=leaver, version=1))
    # What a merge left where it was, as ballots that do not fit the chain, must not meet what is the survivor's.
    formers = {leaver: former} | {other: UserId(uuid4()) for other in ids[1:]}
    taken = {each: await _take(tx, each, formers[each]) for each in ids}
    words = await _words(tx, ids)
    await departures.keep(tx, ids)
    became = {each: await _leave_all(tx, each, formers[each], taken[each]) for each in ids}
    ratings = {fate: [one for each in ids for one in became[each]["ratings"][fate]] for fate in ("kept", "removed")}
    person = Leaver(ids, former, words, [str(each) for some in ratings.values() for each in some])
    await forget_in_imports(tx, person, ratings)
    await forget_in_overrides(tx, person)
    await _drop(tx, ids, formers.values())
    for each in ids:
        await _record(tx, formers[each], became[each])
    await forget(tx, person)


async def _taken(tx: AsyncSession, leaver: UserId, aliases: Collection[UserId]) -> Sequence[UserId]:
    """Every id that they have, their own first; whoever holds one of them has ended."""
    told = {leaver, *aliases}
    await departures.take(tx, told)
    await one_merge_at_a_time(tx, UserAlias)
    known = {*await tx.scalars(select(UserAlias.id).where(UserAlias.survivor_id.in_(told)))}
    await departures.take(tx, known - told)
    return [leaver, *sorted((told | known) - {leaver})]


async def _take(tx: AsyncSession, leaver: UserId, former: UserId) -> Taken:
    row = insert(Member).values(id=former, version=0, display_name=rules.CALLED, former=True)
    await tx.execute(row.on_conflict_do_nothing())
    return await take(tx, leaver, former)


async def _words(tx: AsyncSession, ids: Sequence[UserId]) -> list[str]:
    """What else names them."""
    named = await tx.execute(select(Member.discord_id, Member.handle).where(Member.id.in_(ids)))
    return sorted({word for words in named for word in words if word})


async def _leave_all(tx: AsyncSession, leaver: UserId, former: UserId, taken: Taken) -> dict[str, Any]:
    """What became of all that was theirs, by noun."""
    return {
        "nominations": await leave_nominations(tx, leaver, former, taken.weeks),
        "ballots": await leave_ballots(tx, leaver, former, taken.weeks),
        "ratings": await leave_ratings(tx, leaver, former, taken.weeks),
        "roster": await leave_rosters(tx, leaver, taken.clubs),
        "bars": await lift_bars(tx, leaver),
    }


async def _drop(tx: AsyncSession, ids: Collection[UserId], formers: Collection[UserId]) -> None:
    """The members; and former ones of whom nothing had to stay."""
    await drop_aliases(tx, UserAlias, ids)
    await tx.execute(delete(Participant).where(Participant.user_id.in_(ids)))
    stays = or_(exists().where(Participant.user_id == Member.id), exists().where(BallotSecret.user_id == Member.id))
    gone = delete(Member).where(or_(Member.id.in_(ids), and_(Member.id.in_(formers), ~stays)))
    await tx.execute(gone.execution_options(synchronize_session=False))


async def _record(tx: AsyncSession, former: UserId, became: dict[str, Any]) -> None:
    """One entry for all of it, with the rules by which it was settled; unless there was nothing."""
    if told := {noun: each for noun, each in became.items() if _any(each)}:
        applied = {noun: rules.RULES[noun] for noun in told}
        await record(tx, "member.left", former, None, after={"became": told, "rules": applied})


def _any(each: Any) -> bool:
    return any(each.values()) if isinstance(each, dict) else bool(each)
