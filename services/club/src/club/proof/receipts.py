"""What a voter needs to find the own ballot in the result."""

from sqlalchemy.ext.asyncio import AsyncSession

from club.models import BallotLink, Result
from club.proof import rules
from club.proof.store import own_link, sealed
from club.results.store import find
from contracts.ids import UserId, WeekId
from contracts.results import Leaf, Proof, Receipt, Step


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
        proof=result and _proof(result, link),
    )


def _proof(result: Result, link: BallotLink) -> Proof | None:
    """None for a link that the result does not count, which an honest one does."""
    leaves = [Leaf.model_validate(each) for each in result.leaves]
    numbers = [leaf.number for leaf in leaves]
    if link.number not in numbers:
        return None
    path = rules.path(sealed(leaves), numbers.index(link.number))
    return Proof(root=result.root.hex(), path=[Step(side=side, hash=node.hex()) for side, node in path])
