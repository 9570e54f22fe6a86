"""What somebody did that nobody tells anew, given to whom they turned out to be."""

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.copies import keep_newest_of_all
from contracts.ids import UserId
from identity.models import Activity

STATE = (Activity.subject_id, Activity.version, Activity.at, Activity.seen_from, Activity.withdrawn, Activity.album_id)


async def fold_doings(tx: AsyncSession, old: UserId, survivor: UserId) -> None:
    """Albums they heard whole: of one that both did, what was told last. The club tells the rest as the survivor's."""
    theirs = delete(Activity).where(Activity.kind == "listened", Activity.user_id == old).returning(*STATE)
    gone = (await tx.execute(theirs.execution_options(synchronize_session=False))).mappings().all()
    whose = {"kind": "listened", "user_id": survivor}
    await keep_newest_of_all(tx, Activity, [{**row, **whose} for row in gone])
