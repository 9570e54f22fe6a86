"""Where imports are kept, and the files until they are read."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from contracts.ids import UserId
from listening.imports.rules import MEBIBYTE
from listening.models import Import, ImportPart

# Longer than any chunk takes; every chunk begins it anew.
LEASE = timedelta(minutes=2)
UNFINISHED = ("waiting", "running")
# What a command reads, it reads where it is.
SENT = select(ImportPart.number).where(ImportPart.import_id == Import.id).exists()
ANEW: dict[str, Any] = {
    "state": "waiting",
    "total": None,
    "place": 0,
    "inserted": 0,
    "duplicate": 0,
    "quarantined": 0,
    "rejected": {},
    "attempts": 0,
    "lease": None,
    "leased_until": None,
    "error": None,
    "done_at": None,
}


async def ask_for(tx: AsyncSession, user_id: UserId, digest: bytes) -> Import:
    """The import of this file: one that is unfinished goes on, one that has ended begins anew."""
    row = insert(Import).values(id=uuid7(), user_id=user_id, digest=digest, state="waiting")
    ended = Import.state.not_in(UNFINISHED)
    again = row.on_conflict_do_update(
        index_elements=["user_id", "digest"], set_={**ANEW, "asked_at": func.now()}, where=ended
    )
    await tx.execute(again)
    kept = select(Import).where(Import.user_id == user_id, Import.digest == digest)
    return (await tx.scalars(kept.execution_options(populate_existing=True))).one()


async def unfinished(tx: AsyncSession, user_id: UserId, but: bytes) -> int:
    """How many other files that they sent wait or run."""
    theirs = (Import.user_id == user_id, Import.digest != but, Import.state.in_(UNFINISHED), SENT)
    return await tx.scalar(select(func.count()).select_from(Import).where(*theirs)) or 0


async def own(tx: AsyncSession, user_id: UserId, import_id: UUID) -> Import | None:
    kept: Import | None = await tx.scalar(select(Import).where(Import.id == import_id, Import.user_id == user_id))
    return kept


async def ended(tx: AsyncSession, import_id: UUID) -> Import:
    kept = select(Import).where(Import.id == import_id).execution_options(populate_existing=True)
    return (await tx.scalars(kept)).one()


async def keep_file(tx: AsyncSession, import_id: UUID, path: Path) -> None:
    """Piece by piece; what is kept of it already is the same."""
    for number, content in enumerate(_pieces(path)):
        piece = insert(ImportPart).values(import_id=import_id, number=number, content=content)
        await tx.execute(piece.on_conflict_do_nothing())


async def piece(tx: AsyncSession, import_id: UUID, number: int) -> bytes | None:
    kept = select(ImportPart.content).where(ImportPart.import_id == import_id, ImportPart.number == number)
    content: bytes | None = await tx.scalar(kept)
    return content


async def claim(tx: AsyncSession, import_id: UUID) -> Import | None:
    """Take it over, from whomever: they find out with their next chunk."""
    return await _claim(tx, Import.id == import_id)


async def claim_next(tx: AsyncSession) -> Import | None:
    """The oldest file that was sent and that nobody works on; None when there is none."""
    now = func.clock_timestamp()
    free = or_(Import.leased_until.is_(None), Import.leased_until < now)
    next_ = select(Import.id).where(Import.state.in_(UNFINISHED), free, SENT).order_by(Import.asked_at)
    return await _claim(tx, Import.id == next_.limit(1).with_for_update(skip_locked=True).scalar_subquery())


async def _claim(tx: AsyncSession, which: Any) -> Import | None:
    taken = (
        update(Import)
        .where(which)
        .values(
            state="running", lease=uuid4(), leased_until=func.clock_timestamp() + LEASE, attempts=Import.attempts + 1
        )
    )
    options = {"populate_existing": True, "synchronize_session": False}
    row: Import | None = await tx.scalar(taken.returning(Import).execution_options(**options))
    return row


async def counted(tx: AsyncSession, job: Import, total: int, rejected: Mapping[str, int]) -> bool:
    """What the file holds; False when somebody else works on it by now, as of the others."""
    return await _change(tx, job, total=total, rejected=dict(rejected))


async def move(tx: AsyncSession, job: Import, by: int, outcomes: Mapping[str, int]) -> bool:
    """So many more are in, with what became of them."""
    counts = {name: getattr(Import, name) + outcomes.get(name, 0) for name in ("inserted", "duplicate", "quarantined")}
    return await _change(tx, job, place=Import.place + by, attempts=0, **counts)


async def finish(tx: AsyncSession, job: Import) -> bool:
    return await _end(tx, job, "done", None)


async def fail(tx: AsyncSession, job: Import, why: str) -> bool:
    return await _end(tx, job, "failed", why)


async def _end(tx: AsyncSession, job: Import, state: str, error: str | None) -> bool:
    ended = {"state": state, "error": error, "done_at": func.now(), "lease": None, "leased_until": None}
    held = await _change(tx, job, **ended)
    if held:
        await tx.execute(delete(ImportPart).where(ImportPart.import_id == job.id))
    return held


async def _change(tx: AsyncSession, job: Import, **changes: Any) -> bool:
    changes = {"leased_until": func.clock_timestamp() + LEASE, **changes}
    held = update(Import).where(Import.id == job.id, Import.lease == job.lease).values(**changes)
    done = held.returning(Import.id).execution_options(synchronize_session=False)
    return await tx.scalar(done) is not None


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while content := file.read(MEBIBYTE):
            yield content
