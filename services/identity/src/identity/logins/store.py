"""Failed logins in PostgreSQL, where all replicas count them together."""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import case, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from identity.logins import rules
from identity.models import FailedLogins

KEPT = timedelta(days=1)


async def check_may_try(tx: AsyncSession, whom: Mapping[str, str]) -> None:
    """Raises TooManyLogins for who must still wait."""
    kinds = {name: kind for kind, name in whom.items()}
    rows = select(FailedLogins, func.clock_timestamp()).where(FailedLogins.whom.in_(kinds))
    waits = [rules.wait(kinds[row.whom], row.failures, row.last_at, now) for row, now in (await tx.execute(rows)).all()]
    if longest := max(waits, default=0):
        raise rules.TooManyLogins(longest)


async def note_failure(tx: AsyncSession, whom: Mapping[str, str]) -> None:
    now = func.clock_timestamp()
    rows = [{"whom": name, "failures": 1, "last_at": now} for name in sorted(whom.values())]
    for row in rows:
        one = insert(FailedLogins).values(row)
        forgotten = FailedLogins.last_at < now - rules.FORGOTTEN
        again = {"failures": case((forgotten, 1), else_=FailedLogins.failures + 1), "last_at": now}
        await tx.execute(one.on_conflict_do_update(index_elements=[FailedLogins.whom], set_=again))
    await tx.execute(delete(FailedLogins).where(FailedLogins.last_at < now - KEPT))


async def forget_failures(tx: AsyncSession, whom: Mapping[str, str]) -> None:
    """Of the pair that got it right; what an address or a handle collected besides stays."""
    await tx.execute(delete(FailedLogins).where(FailedLogins.whom == whom["pair"]))
