"""What happens when a poll ends: it is counted once, by whoever has taken the week."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.outbox import publish
from club.audit.record import record
from club.clubs.store import rules_of
from club.models import Nomination, Result, Week
from club.proof import rules as proof
from club.proof.store import head_of, leaves, open_poll, sealed
from club.results import rules, store


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
    poll, cast = await open_poll(tx, week.id), await leaves(tx, week.id)
    policy = (await rules_of(tx, week.club_id)).tie_policy
    choices = [(leaf.first, leaf.second) for leaf in cast]
    outcome = rules.outcome(await store.nominated(tx, week.id), choices, poll.seed, policy)
    number, head = await head_of(tx, poll)
    result = Result(
        week_id=week.id,
        winner_nomination_id=outcome.winner,
        tie_policy=policy,
        ballots=len(cast),
        members=await store.size(tx, week),
        root=proof.root(sealed(cast)),
        number=number,
        head=head,
        outcome=outcome.model_dump(mode="json"),
        leaves=[leaf.model_dump(mode="json") for leaf in cast],
    )
    tx.add(result)
    await tx.flush()
    await tx.refresh(result)
    return result
