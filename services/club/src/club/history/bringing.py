"""Bringing a batch of history in, or rehearsing it."""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import Refusal
from club.audit.record import record
from club.history import rules, store
from club.history.ensure import Known
from club.history.writing import Batch
from club.models import Week
from club.weeks.store import ensure_week
from contracts.batches import readable, unreadable
from contracts.history import HistoricItem, Imported, NewImport, Outcome
from contracts.ids import ClubId


async def bring(tx: AsyncSession, club_id: ClubId, new: NewImport, known: Known) -> Imported:
    """Write what can be written of a batch, and tell of every item what became of it."""
    await store.take_turn(tx, club_id)
    kept = await store.ensure_import(tx, club_id, new.name, new.source)
    batch = Batch(tx, kept, known, *await _weeks(tx, club_id, [*readable(new.items).values()]))
    await known.settle(tx)
    outcomes = [
        Outcome(index=index, outcome="refused", code="not_readable", reason=item.why)
        for index, item in unreadable(new.items).items()
    ]
    for index, item in rules.in_order(readable(new.items).items()):
        outcomes.append(await _one(batch, index, item))
    await batch.keep()
    counts = Counter(each.outcome for each in outcomes)
    wrote = {fate: counts[fate] for fate in ("made", "changed") if counts[fate]}
    if wrote:
        await record(tx, "import.written", kept.id, club_id, after={"name": kept.name, **wrote})
    import_id = await store.end_import(tx, kept, wrote=bool(wrote))
    outcomes.sort(key=lambda each: each.index)
    return Imported(id=import_id, dry_run=False, counts=counts, outcomes=outcomes)


async def _weeks(tx: AsyncSession, club_id: ClubId, items: Sequence[HistoricItem]) -> tuple[dict[int, Week], set[int]]:
    """All weeks of a batch, taken in order, and which of them are new."""
    to_make = {item.number for item in items if item.kind == "week"}
    weeks, new = {}, set()
    for number in sorted({item.number for item in items}):
        if number in to_make:
            weeks[number], made = await ensure_week(tx, club_id, number)
            new |= {number} if made else set()
        else:
            weeks |= await store.take_weeks(tx, club_id, [number])
    return weeks, new


async def _one(batch: Batch, index: int, item: HistoricItem) -> Outcome:
    try:
        written = await batch.write(item)
    except Refusal as refusal:
        return Outcome(index=index, outcome=rules.fate(refusal), code=refusal.code, reason=str(refusal))
    week_id = batch.weeks[item.number].id
    if written is None:
        return Outcome(index=index, outcome="same", week_id=week_id)
    return Outcome(index=index, outcome=written.outcome, week_id=week_id, subject_id=written.subject_id)


async def rehearse(tx: AsyncSession, club_id: ClubId, new: NewImport, known: Known) -> Imported:
    """What `bring` would do: it does, and takes all of it back."""
    attempt = await tx.begin_nested()
    done = await bring(tx, club_id, new, known)
    await attempt.rollback()
    outcomes = [each.model_copy(update={"week_id": None, "subject_id": None}) for each in done.outcomes]
    return done.model_copy(update={"id": None, "dry_run": True, "outcomes": outcomes})
