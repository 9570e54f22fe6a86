"""Where is kept who listens to whom."""

from collections.abc import Collection, Mapping

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.ids import ArtistId, UserId
from contracts.taste import TasteProfile
from taste.models import ArtistListener, Profile
from taste.obscurity.rules import told_among


async def keep_listener(tx: AsyncSession, user_id: UserId, artists: Collection[ArtistId]) -> None:
    """Let them be a listener of these, and of nobody else."""
    others = ArtistListener.artist_id.not_in(artists)
    await tx.execute(delete(ArtistListener).where(ArtistListener.user_id == user_id, others))
    if artists:
        rows = [{"artist_id": each, "user_id": user_id} for each in sorted(artists)]
        await tx.execute(insert(ArtistListener).on_conflict_do_nothing(), rows)


async def among_all(tx: AsyncSession, profile: TasteProfile) -> TasteProfile:
    """The profile with what it takes everybody to tell."""
    listeners = await _listeners_of(tx, [each.id for each in profile.top_artists])
    people = await tx.scalar(select(func.count()).select_from(Profile).where(Profile.artist_count > 0))
    return told_among(profile, listeners, people or 0)


async def _listeners_of(tx: AsyncSession, artists: Collection[ArtistId]) -> Mapping[ArtistId, int]:
    counted = select(ArtistListener.artist_id, func.count()).where(ArtistListener.artist_id.in_(artists))
    return {ArtistId(artist): count for artist, count in await tx.execute(counted.group_by(ArtistListener.artist_id))}
