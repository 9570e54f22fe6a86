"""Changing a ballot, whichever door the choices came through."""

from collections.abc import Mapping

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.outbox import publish
from club.audit.record import record
from club.ballots import rules, store
from club.bars.store import check_may
from club.clubs.store import rules_of
from club.models import Ballot, Nomination, Week
from club.nominations.store import nominators
from club.phases.store import check_takes
from club.proof.store import seal
from club.roster import who
from contracts.ids import ClubId, NominationId, UserId


async def check_may_vote(tx: AsyncSession, week: Week, user_id: UserId) -> None:
    """Refuse a vote that the week, which is taken, does not take: whoever closes it waits, or came first."""
    await check_takes(tx, week, "vote")
    await who.check_may_vote(tx, week.club_id, user_id)
    await check_may(tx, "vote", week.club_id, user_id)


async def check_choice(tx: AsyncSession, week: Week, user_id: UserId, chosen: Nomination) -> None:
    self_votes = (await rules_of(tx, week.club_id)).self_votes
    rules.check_choice(user_id, await nominators(tx, chosen), chosen.withdrawn_at, self_votes=self_votes)


async def cast(tx: AsyncSession, club_id: ClubId, ballot: Ballot, chosen: Mapping[int, NominationId]) -> None:
    """Let the ballot hold exactly these choices, seal them and announce them."""
    told = await store.keep(tx, ballot, chosen)
    link = await seal(tx, ballot, chosen)
    await publish(tx, told)
    # The choices stay where the chain keeps them, apart from the voter.
    sealed = {"number": link.number, "head": link.head.hex()}
    await record(tx, "ballot.cast", link.ballot_ref, club_id, after=sealed)
