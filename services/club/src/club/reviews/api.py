"""What admins do about reviews."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query

from chassis.caller import Caller
from chassis.db import Read, Tx
from chassis.http import router as chassis_router
from chassis.paging import Cursor, Limit, encode_cursor, place_of
from chassis.tokens import SignedCaller
from club.clubs.rules import check_admin
from club.reviews import moderate, store
from contracts.paging import Page
from contracts.reviews import HideReviews, ModeratedReview, RestoreReviews, Restoring, ReviewOutcome
from contracts.text import Reason

router = chassis_router(prefix="/admin/reviews", tags=["moderation"])


async def _admin(caller: SignedCaller) -> Caller:
    check_admin(caller)
    return caller


Admin = Annotated[Caller, Depends(_admin)]


@router.get("")
async def list_reviews(
    admin: Admin, tx: Read, *, hidden: bool | None = None, limit: Limit = 50, cursor: Cursor = None
) -> Page[ModeratedReview]:
    """The reviews of all clubs, newest first; only those that are hidden, or are not, where one asks for it."""
    found = await store.page(tx, place_of(cursor), limit, hidden=hidden)
    return Page(
        items=await store.shown(tx, found[:limit], with_discord=admin.sees_discord_ids),
        next_cursor=encode_cursor(str(found[limit - 1].id)) if len(found) > limit else None,
    )


@router.post("/hide")
async def hide_reviews(batch: HideReviews, _: Admin, tx: Tx) -> Page[ReviewOutcome]:
    """Hide many reviews for one reason; what became of each."""
    return Page(items=await moderate.moderate_all(tx, batch.ids, moderate.hiding(batch.reason)))


@router.post("/restore")
async def restore_reviews(batch: RestoreReviews, _: Admin, tx: Tx) -> Page[ReviewOutcome]:
    """Bring many reviews back; what became of each."""
    return Page(items=await moderate.moderate_all(tx, batch.ids, moderate.restoring(batch.reason)))


@router.delete("/{rating_id}")
async def hide_review(rating_id: UUID, reason: Annotated[Reason, Query()], admin: Admin, tx: Tx) -> ModeratedReview:
    """Hide a review, from everybody but its author and whoever runs the club. The rating still counts."""
    rating = await moderate.moderate(tx, rating_id, moderate.hiding(reason))
    return (await store.shown(tx, [rating], with_discord=admin.sees_discord_ids))[0]


@router.post("/{rating_id}/restore")
async def restore_review(rating_id: UUID, restoring: Restoring, admin: Admin, tx: Tx) -> ModeratedReview:
    """Bring a hidden review back."""
    rating = await moderate.moderate(tx, rating_id, moderate.restoring(restoring.reason))
    return (await store.shown(tx, [rating], with_discord=admin.sees_discord_ids))[0]
