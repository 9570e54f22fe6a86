"""Changing a ballot, whichever door the choices came through."""

from collections.abc import Mapping

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.outbox import publish
from club.audit.record import record
from club.ballots import rules, store
from club.models import Ballot, BallotLink, Nomination, Week
from club.nominations.store import nominators
from club.phases.store import check_takes
from club.proof.store import seal
from club.roster.who import check_may
from contracts.clubs import ClubRules
from contracts.ids import ClubId, NominationId, UserId


async def check_may_vote(tx: AsyncSession, week: Week, user_id: UserId) -> ClubRules:
    """The club's rules; refuses a vote that the week, which is taken, does not take: whoever closes it came first."""
    await check_takes(tx, week, "vote")
    return await check_may(tx, "vote", week.club_id, user_id)


async def check_choice(tx: AsyncSession, club_rules: ClubRules, user_id: UserId, chosen: Nomination) -> None:
    behind = await nominators(tx, chosen)
    rules.check_choice(user_id, behind, chosen.withdrawn_at, self_votes=club_rules.self_votes)


async def cast(tx: AsyncSession, club_id: ClubId, ballot: Ballot, chosen: Mapping[int, NominationId]) -> BallotLink:
    """Let the ballot hold exactly these choices, seal them and announce them; their link in the chain."""
    told = await store.keep(tx, ballot, chosen)
    link = await seal(tx, ballot, chosen)
    await publish(tx, told)
    # The choices stay where the chain keeps them, apart from the voter.
    sealed = {"number": link.number, "head": link.head.hex()}
    await record(tx, "ballot.cast", link.ballot_ref, club_id, after=sealed)
    return link
