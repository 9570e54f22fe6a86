"""What imports remember of who has left: what they wrote for them, and what was read in their messages."""

from collections.abc import Collection, Mapping
from uuid import UUID, uuid4

from sqlalchemy import delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.forgetting import Leaver
from club.leaving import rules
from club.models import ImportItem


async def forget_in_imports(tx: AsyncSession, leaver: Leaver, ratings: Mapping[str, Collection[UUID]]) -> None:
    """`ratings`: what became of theirs."""
    await tx.execute(delete(ImportItem).where(ImportItem.subject_id.in_(ratings["removed"])))
    named, former = [*map(str, leaver.ids)], str(leaver.former_id)
    written = or_(ImportItem.after["user_id"].astext.in_(named), ImportItem.before["user_id"].astext.in_(named))
    read = ImportItem.provenance["author"].astext.in_(leaver.words)
    items = select(ImportItem).where(or_(written, read, ImportItem.subject_id.in_(ratings["kept"])))
    for item in await tx.scalars(items.order_by(ImportItem.id).with_for_update()):
        own = item.subject_id in ratings["kept"] or item.after.get("user_id") in named
        if own:
            item.before = rules.state_of_former(item.before, named, former)
            item.after = rules.state_of_former(item.after, named, former) or {}
            # It may be the message's id, or a hash of who said it.
            item.key = str(uuid4())
        item.provenance = rules.source_of_former(item.provenance, leaver.words, theirs=own)
    await tx.flush()
