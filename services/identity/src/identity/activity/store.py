"""Activities in PostgreSQL; one that was taken back stays, as a tombstone."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.copies import keep_newest, keep_newest_of_all
from contracts.activity import Act
from contracts.ids import ClubId, UserId, WeekId
from identity.models import Activity, Heard, Participant, Week
from identity.users.store import lock_names


async def keep(tx: AsyncSession, **state: Any) -> None:
    """Keep one activity, unless something newer is known of it."""
    await keep_newest(tx, Activity, state)


async def replace(  # noqa: PLR0913, PLR0917 — of what kind, of what, as of when, and what is to be kept of it
    tx: AsyncSession, kind: Act, subject_id: UUID, version: int, whose: Sequence[UserId], facts: Mapping[str, Any]
) -> None:
    """Let exactly these have done it, unless something newer is known of the subject."""
    row = insert(Heard).values(kind=kind, subject_id=subject_id, version=version)
    newest = row.on_conflict_do_update(
        index_elements=["kind", "subject_id"], set_={"version": version}, where=row.excluded.version >= Heard.version
    )
    if await tx.scalar(newest.returning(Heard.version)) is None:
        return
    about = (Activity.kind == kind, Activity.subject_id == subject_id, Activity.user_id.not_in(whose))
    await tx.execute(update(Activity).where(*about).values(withdrawn=True, version=version))
    stated = {"kind": kind, "subject_id": subject_id, "version": version, "withdrawn": False, **facts}
    states = [stated | {"user_id": user_id, "seen_from": facts["at"]} for user_id in whose]
    await keep_newest_of_all(tx, Activity, states)


async def take_part(tx: AsyncSession, week_id: WeekId, whose: Sequence[UserId]) -> None:
    """These take part in the club of the week; if it is not known yet, as soon as it is."""
    await _hold(tx, week_id)
    club_id = await tx.scalar(select(Week.club_id).where(Week.id == week_id))
    if club_id is not None and whose:
        rows = [{"club_id": club_id, "user_id": user_id} for user_id in sorted({*whose})]
        await tx.execute(insert(Participant).on_conflict_do_nothing(), rows)


async def keep_week(tx: AsyncSession, week_id: WeekId, version: int, club_id: ClubId) -> None:
    """Keep of which club a week is; who is known to have done something in it takes part in that club."""
    await _hold(tx, week_id)
    await keep_newest(tx, Week, {"id": week_id, "version": version, "club_id": club_id})
    done = select(Activity.user_id).where(Activity.week_id == week_id)
    # Held: whoever leaves takes along first what they did, and then where they took part.
    await take_part(tx, week_id, (await tx.scalars(done.with_for_update(read=True, key_share=True))).all())


async def _hold(tx: AsyncSession, week_id: WeekId) -> None:
    """Who acts in the week and which club it is of are not told past each other."""
    await lock_names(tx, [f"week:{week_id}"])
