"""Letting what somebody listened to be the survivor's: each listen once, and the sums counted anew."""

from sqlalchemy import Uuid, bindparam, delete, text
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.ids import UserId
from listening.locks import be_alone_with
from listening.models import Rating
from listening.plays.rebuilding import rebuild
from listening.users.leaving import THEIRS

_BOTH = bindparam("old", type_=Uuid), bindparam("new", type_=Uuid)
# What both had, the survivor had.
_MOVES = [
    text(each).bindparams(*_BOTH)
    for each in (
        # Of these what was told last, as whoever hears of both takes it.
        """INSERT INTO completions AS t (user_id, album_id, version, completed_at, in_order, withdrawn, doubted)
            SELECT :new, album_id, version, completed_at, in_order, withdrawn, doubted
            FROM completions WHERE user_id = :old
            ON CONFLICT (user_id, album_id) DO UPDATE SET version = excluded.version,
                completed_at = excluded.completed_at, in_order = excluded.in_order, withdrawn = excluded.withdrawn,
                doubted = excluded.doubted
            WHERE excluded.version > t.version""",
        """INSERT INTO sightings
                (user_id, listened_at, messy_id, source, duration_ms, length_ms, client, raw, received_at,
                corrected_id, hidden)
            SELECT :new, listened_at, messy_id, source, duration_ms, length_ms, client, raw, received_at,
                corrected_id, hidden
            FROM sightings WHERE user_id = :old ON CONFLICT DO NOTHING""",
        """INSERT INTO user_sources (user_id, source, since) SELECT :new, source, since
            FROM user_sources WHERE user_id = :old ON CONFLICT DO NOTHING""",
        """INSERT INTO decisions (user_id, first, second, together, at) SELECT :new, first, second, together, at
            FROM decisions WHERE user_id = :old ON CONFLICT DO NOTHING""",
        """INSERT INTO latest_imports AS t (user_id, service, ts) SELECT :new, service, ts
            FROM latest_imports WHERE user_id = :old
            ON CONFLICT (user_id, service) DO UPDATE SET ts = greatest(t.ts, excluded.ts)""",
        "UPDATE quarantined SET user_id = :new WHERE user_id = :old",
        # Of an account that was linked once, less is to be kept than of one that is.
        """DELETE FROM sync_tasks AS t WHERE user_id = :new AND state = 'unlinked'
            AND provider IN (SELECT provider FROM sync_tasks WHERE user_id = :old AND state <> 'unlinked')""",
        """UPDATE sync_tasks SET user_id = :new WHERE user_id = :old
            AND provider NOT IN (SELECT provider FROM sync_tasks WHERE user_id = :new)""",
        """UPDATE imports SET user_id = :new WHERE user_id = :old
            AND digest NOT IN (SELECT digest FROM imports WHERE user_id = :new)""",
    )
]
# The club tells anew of ratings, the survivor's and the old one's.
LEFT_BEHIND = [table for table in THEIRS if table is not Rating]


async def take_over(tx: AsyncSession, old: UserId, survivor: UserId) -> None:
    """The old one's days are announced no more: whoever keeps them folds them as it hears of the merge."""
    await be_alone_with(tx, [old, survivor])
    for move in _MOVES:
        await tx.execute(move, {"old": old, "new": survivor})
    for table in LEFT_BEHIND:
        await tx.execute(delete(table).where(table.user_id == old).execution_options(synchronize_session=False))
    await rebuild(tx, survivor)
