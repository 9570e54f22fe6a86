"""What happens when a poll ends: it is counted once, by whoever has taken the week."""

from collections.abc import Sequence
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.outbox import publish
from club.audit.record import record
from club.ballots.store import drop_votes
from club.clubs.store import rules_of
from club.models import Nomination, Result, Week
from club.proof import rules as proof
from club.proof.chain import Cast, ballots
from club.proof.store import head_of, open_poll
from club.results import rules, store

log = structlog.get_logger()


async def on_leaving_voting(tx: AsyncSession, week: Week) -> dict[str, Any]:
    """Compute and announce the result of a week that is taken; the columns of the week that it sets.

    None where there is a result already, nobody won, or a host had decided the winner before.
    """
    if await store.find(tx, week.id) is not None:
        return {}
    result = await _compute(tx, week)
    await publish(tx, *await store.state(tx, [result]))
    counted = {"winner": result.winner_nomination_id, "ballots": result.ballots, "root": result.root.hex()}
    await record(tx, "result.computed", week.id, week.club_id, after=counted)
    if result.winner_nomination_id is None or week.winner_album_id is not None:
        return {}
    winner = await tx.get_one(Nomination, result.winner_nomination_id)
    return {"winner_album_id": winner.album_id, "winner_nomination_id": winner.id}


async def on_reopening(tx: AsyncSession, week: Week) -> None:
    """Refuse to open a poll again that has its result."""
    if await store.find(tx, week.id) is not None:
        raise rules.ResultFinal


async def _compute(tx: AsyncSession, week: Week) -> Result:
    poll, cast = await open_poll(tx, week.id), await ballots(tx, week.id)
    policy = (await rules_of(tx, week.club_id)).tie_policy
    choices = ((each.first, each.second) for each in cast)
    outcome = rules.outcome(await store.nominated(tx, week.id), choices, poll.seed, policy)
    number, head = await head_of(tx, poll)
    result = Result(
        week_id=week.id,
        winner_nomination_id=outcome.winner,
        tie_policy=policy,
        ballots=sum(not each.empty for each in cast),
        members=await store.size(tx, week),
        root=proof.root(await _settled(tx, week, cast)),
        number=number,
        head=head,
        outcome=outcome.model_dump(mode="json"),
    )
    tx.add(result)
    await tx.flush()
    await tx.refresh(result)
    return result


async def _settled(tx: AsyncSession, week: Week, cast: Sequence[Cast]) -> list[bytes]:
    """The leaves of what was counted. From now on the chain alone says what they hold.

    Votes that are not what it sealed are counted as they are and left where they are: the result betrays them, and they
    are what there is to look into.
    """
    leaves = [each.leaf() for each in cast]
    if leaves == [each.sealed for each in cast]:
        await drop_votes(tx, week.id)
    else:
        log.error("ballots_altered", week_id=str(week.id))
    return leaves
