"""Reviews in PostgreSQL: they are columns of ratings, and of the entries in their diaries."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from club.albums.redirects import standing
from club.members.store import people
from club.models import DiaryEntry, Rating, Week
from club.ratings.answers import diary
from club.ratings.store import diary as diaries
from contracts.ids import ClubId
from contracts.reviews import ModeratedReview

_in_diary = select(DiaryEntry).where(DiaryEntry.rating_id == Rating.id, DiaryEntry.review.is_not(None)).exists()
# What is hidden can be brought back, also where its author has taken it out since.
_is_review: ColumnElement[bool] = or_(Rating.review.is_not(None), Rating.review_hidden_at.is_not(None), _in_diary)


async def take(tx: AsyncSession, ids: Collection[UUID]) -> dict[UUID, tuple[Rating, ClubId]]:
    """Those of the ratings that have a review, and of which club; nobody else can change them until `tx` ends."""
    # In one order, so that two of these cannot wait for each other.
    rows = select(Rating, Week.club_id).join(Week).where(Rating.id.in_(ids), _is_review).order_by(Rating.id)
    return {rating.id: (rating, club_id) for rating, club_id in await tx.execute(rows.with_for_update(of=Rating))}


async def page(tx: AsyncSession, before: UUID | None, limit: int, *, hidden: bool | None) -> Sequence[Rating]:
    """Newest first, from the one after `before` on; one more than `limit`, if there are more."""
    rows = select(Rating).where(_is_review).order_by(Rating.id.desc()).limit(limit + 1)
    if hidden is not None:
        rows = rows.where(Rating.review_hidden_at.is_not(None) == hidden)
    if before is not None:
        rows = rows.where(Rating.id < before)
    return (await tx.scalars(rows)).all()


async def shown(tx: AsyncSession, ratings: Sequence[Rating], *, with_discord: bool) -> list[ModeratedReview]:
    persons = await people(tx, [rating.user_id for rating in ratings], with_discord=with_discord)
    entries: defaultdict[UUID, list[DiaryEntry]] = defaultdict(list)
    for entry in await diaries(tx, *(rating.id for rating in ratings)):
        entries[entry.rating_id].append(entry)
    now = await standing(tx, {rating.album_id for rating in ratings})
    return [
        ModeratedReview(
            id=rating.id,
            week_id=rating.week_id,
            album_id=now[rating.album_id],
            user=persons[rating.user_id],
            rating=rating.half_steps / 2,
            review=rating.review,
            review_hidden=rating.review_hidden_at is not None,
            reason=rating.review_hidden_reason,
            hidden_at=rating.review_hidden_at,
            withdrawn=rating.withdrawn_at is not None,
            diary=diary(entries[rating.id], reviews=True),
            created_at=rating.created_at,
            updated_at=rating.updated_at,
        )
        for rating in ratings
    ]
