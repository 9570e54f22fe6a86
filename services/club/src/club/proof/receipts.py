"""What a voter needs to find the own ballot in the result."""

from sqlalchemy.ext.asyncio import AsyncSession

from club.models import BallotLink, Result
from club.proof import rules
from club.proof.chain import last
from club.proof.store import own_link
from club.results.store import find
from contracts.ids import UserId, WeekId
from contracts.results import Proof, Receipt, Step


async def receipt(tx: AsyncSession, week_id: WeekId, user_id: UserId) -> Receipt | None:
    found = await own_link(tx, week_id, user_id)
    if found is None:
        return None
    link, salt_key = found
    result = await find(tx, week_id)
    return Receipt(
        week_id=week_id,
        number=link.number,
        ballot_ref=link.ballot_ref,
        salt=rules.salt(salt_key, link.number).hex(),
        first=link.first,
        second=link.second,
        cast_at=link.cast_at,
        leaf=link.leaf.hex(),
        head=link.head.hex(),
        proof=result and await _proof(tx, result, link),
    )


async def _proof(tx: AsyncSession, result: Result, link: BallotLink) -> Proof | None:
    """None for a link that does not count, which an honest one does."""
    numbers, leaves = await last(tx, result.week_id)
    if link.number not in numbers:
        return None
    path = rules.path(leaves, numbers.index(link.number))
    return Proof(root=result.root.hex(), path=[Step(side=side, hash=node.hex()) for side, node in path])
