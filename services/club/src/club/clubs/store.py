"""Clubs in PostgreSQL."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from club import models
from club.audit.record import record
from club.clubs.rules import DEFAULT_NAME, NoSuchClub, carried, decided
from contracts.clubs import Club, ClubRules, NewClub
from contracts.ids import ClubId


async def by_slug(tx: AsyncSession, slug: str) -> models.Club:
    if (club := await tx.scalar(select(models.Club).where(models.Club.slug == slug))) is None:
        raise NoSuchClub
    return club


async def by_id(tx: AsyncSession, club_id: ClubId) -> models.Club:
    return await tx.get_one(models.Club, club_id)


async def take_club(tx: AsyncSession, club_id: ClubId) -> models.Club:
    """The club for oneself, until `tx` ends."""
    return await tx.get_one(models.Club, club_id, with_for_update=True, populate_existing=True)


async def rules_of(tx: AsyncSession, club_id: ClubId) -> ClubRules:
    return ClubRules.model_validate(await tx.scalar(select(models.Club.rules).where(models.Club.id == club_id)))


async def page(tx: AsyncSession, after: UUID | None, limit: int) -> Sequence[models.Club]:
    """Oldest first, from the one after `after` on; one more than `limit`, if there are more."""
    clubs = select(models.Club).order_by(models.Club.id).limit(limit + 1)
    if after is not None:
        clubs = clubs.where(models.Club.id > after)
    return (await tx.scalars(clubs)).all()


async def ensure_club(tx: AsyncSession, slug: str, new: NewClub) -> tuple[models.Club, bool]:
    """The club of that slug with what `new` carries, and whether it was made."""
    blank = insert(models.Club).values(slug=slug, name=new.name or DEFAULT_NAME, timezone="UTC", rules={})
    made = await tx.scalar(blank.on_conflict_do_nothing().returning(models.Club.id))
    club = (await tx.scalars(select(models.Club).where(models.Club.slug == slug).with_for_update())).one()
    before = None if made else shown(club)
    await _change(tx, club, new)
    action = "club.changed" if before else "club.made"
    await record(tx, action, club.id, club.id, before=before, after=shown(club))
    return club, made is not None


async def _change(tx: AsyncSession, club: models.Club, new: NewClub) -> None:
    for name, value in carried(new).items():
        setattr(club, name, value)
    club.rules = decided(club.rules, new.rules)
    if tx.is_modified(club):
        club.updated_at = func.now()
        await tx.flush()
        await tx.refresh(club)


def shown(club: models.Club) -> Club:
    return Club.model_validate(club)
