"""Hiding reviews and bringing them back, one or many."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import Refusal
from chassis.outbox import publish
from club.audit.record import record
from club.models import Rating
from club.ratings.history import raise_version
from club.ratings.store import told
from club.reviews import rules, store
from contracts.ids import ClubId
from contracts.reviews import ReviewOutcome

Act: TypeAlias = Callable[[AsyncSession, Rating, ClubId], Awaitable[None]]
Taken: TypeAlias = Mapping[UUID, tuple[Rating, ClubId]]


def hiding(reason: str) -> Act:
    """Hides a review that is taken; where it is hidden already, only the reason is another."""

    async def hide(tx: AsyncSession, rating: Rating, club_id: ClubId) -> None:
        before = _told(rating)
        rating.review_hidden_reason = reason
        if rating.review_hidden_at is None:
            rating.review_hidden_at = func.clock_timestamp()
            await _announce(tx, rating)
        await record(tx, "review.hidden", rating.id, club_id, before=before, after=_told(rating), reason=reason)

    return hide


def restoring(reason: str | None) -> Act:
    """Brings a review that is taken back; one that is not hidden stays as it is."""

    async def restore(tx: AsyncSession, rating: Rating, club_id: ClubId) -> None:
        before = _told(rating)
        if rating.review_hidden_at is not None:
            rating.review_hidden_at = rating.review_hidden_reason = None
            await _announce(tx, rating)
        await record(tx, "review.restored", rating.id, club_id, before=before, after=_told(rating), reason=reason)

    return restore


async def _announce(tx: AsyncSession, rating: Rating) -> None:
    await raise_version(tx, rating)
    await publish(tx, told(rating))


def _told(rating: Rating) -> dict[str, Any]:
    return {"review_hidden": rating.review_hidden_at is not None, "hidden_for": rating.review_hidden_reason}


async def moderate(tx: AsyncSession, rating_id: UUID, act: Act) -> Rating:
    return await _one(tx, await store.take(tx, [rating_id]), rating_id, act)


async def moderate_all(tx: AsyncSession, ids: Sequence[Any], act: Act) -> list[ReviewOutcome]:
    """What became of each: those that cannot be done leave the others to be done."""
    meant = set()
    for given in ids:
        with suppress(rules.NoReviewId):
            meant.add(rules.review_id(given))
    taken = await store.take(tx, meant)
    return [await _reported(tx, taken, index, given, act) for index, given in enumerate(ids)]


async def _reported(tx: AsyncSession, taken: Taken, index: int, given: Any, act: Act) -> ReviewOutcome:
    named = rules.spoken(given)
    try:
        await _one(tx, taken, rules.review_id(given), act)
    except Refusal as refusal:
        return ReviewOutcome(index=index, id=named, code=refusal.code, detail=str(refusal))
    return ReviewOutcome(index=index, id=named)


async def _one(tx: AsyncSession, taken: Taken, rating_id: UUID, act: Act) -> Rating:
    if rating_id not in taken:
        raise rules.NoSuchReview
    rating, club_id = taken[rating_id]
    await act(tx, rating, club_id)
    return rating
