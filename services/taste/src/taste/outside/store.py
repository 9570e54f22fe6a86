"""Where what workers tell is kept."""

from collections.abc import Sequence

from sqlalchemy import or_, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.aliases import survivors_of
from contracts.ids import UserId
from contracts.taste import TasteProfile
from taste.models import AlbumAlias, OutsideProfile
from taste.outside.rules import NotToldBy, by_what_they_mean
from taste.profiles.store import BESIDE


async def keep_told(tx: AsyncSession, profile: TasteProfile) -> bool:
    """In place of the one before by the same worker, unless that is newer or the same; whether it is."""
    told = {
        "formula_version": profile.formula_version,
        "inputs_hash": profile.inputs_hash,
        "document": profile.model_dump(mode="json", exclude=BESIDE),
        "computed_at": profile.computed_at,
    }
    row = insert(OutsideProfile).values(user_id=profile.user_id, origin=profile.origin, **told)
    newer = tuple_(row.excluded.computed_at, row.excluded.formula_version) >= tuple_(
        OutsideProfile.computed_at, OutsideProfile.formula_version
    )
    other = or_(*(row.excluded[name] != getattr(OutsideProfile, name) for name in ("inputs_hash", "computed_at")))
    kept = row.on_conflict_do_update(
        index_elements=[OutsideProfile.user_id, OutsideProfile.origin], set_=told, where=newer & other
    )
    return await tx.scalar(kept.returning(OutsideProfile.user_id)) is not None


async def told_by(tx: AsyncSession, user_id: UserId, origin: str) -> TasteProfile:
    """As that worker told it last; raises NotToldBy where it never did."""
    row = await kept_by(tx, user_id, origin)
    if row is None:
        raise NotToldBy
    profile = TasteProfile.model_validate(row.document | {"computed_at": row.computed_at})
    return by_what_they_mean(profile, await survivors_of(tx, AlbumAlias, [each.id for each in profile.top_albums]))


async def kept_by(tx: AsyncSession, user_id: UserId, origin: str) -> OutsideProfile | None:
    return await tx.get(OutsideProfile, (user_id, origin), populate_existing=True)


async def origins_of(tx: AsyncSession, user_id: UserId) -> Sequence[str]:
    """The workers that told of them, in the order of their names."""
    told = select(OutsideProfile.origin).where(OutsideProfile.user_id == user_id)
    return sorted((await tx.scalars(told)).all())
