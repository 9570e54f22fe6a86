"""Rating the winner, and what its ratings are."""

from typing import Annotated

from fastapi import Depends, Query, Response, status

from chassis.db import Read, Tx
from chassis.http import router as chassis_router
from chassis.outbox import publish
from chassis.paging import Cursor, Limit, encode_cursor, place_of
from chassis.tokens import SignedCaller
from club.audit.record import record
from club.bars.store import check_may
from club.members.ensure import KnownMember, Members, settle
from club.members.store import people
from club.phases.store import check_rates
from club.ratings import rules, store
from club.roster.who import check_may_rate
from club.weeks.store import find_week, hold_week
from contracts.ids import WeekId
from contracts.paging import Page
from contracts.ratings import GivenRating, NewRating, RatingSummary

router = chassis_router(prefix="/weeks/{week_id}/ratings", tags=["ratings"])


async def _rater(given: NewRating, members: Members) -> KnownMember:
    return await members.meant(given.user)


Rater = Annotated[KnownMember, Depends(_rater)]
Truncate = Annotated[int | None, Query(ge=1, le=4000, description="Cut reviews after so many characters.")]


@router.post("", status_code=status.HTTP_201_CREATED, responses={200: {"model": GivenRating}})
async def rate(  # noqa: PLR0913, PLR0917 — each is a dependency of the endpoint
    week_id: WeekId, given: NewRating, caller: SignedCaller, rater: Rater, response: Response, tx: Tx
) -> GivenRating:
    """Rate the week's winner; a repeat changes what it carries and leaves the rest."""
    week = await hold_week(tx, week_id)
    rules.check_winner(week.winner_album_id)
    late = await check_rates(tx, week)
    user_id = await settle(tx, rater)
    await check_may_rate(tx, week.club_id, user_id)
    await check_may(tx, "rate", week.club_id, user_id)
    before = await store.standing(tx, week_id, user_id)
    changed, new = await store.keep_rating(tx, week, user_id, rules.said(given) | {"late": late})
    if changed:
        await publish(tx, after := store.told(changed))
        action = "rating.given" if new else "rating.changed"
        await record(tx, action, changed.id, week.club_id, before=before, after=after)
    if not new:
        response.status_code = status.HTTP_200_OK
    rating = changed or await store.rating_of(tx, week_id, user_id)
    persons = await people(tx, [user_id], with_discord=caller.sees_discord_ids)
    return store.shown(rating, persons[user_id])


@router.get("")
async def list_ratings(  # noqa: PLR0913 — each is a parameter of the address
    week_id: WeekId,
    caller: SignedCaller,
    tx: Read,
    *,
    anonymous: bool = False,
    truncate: Truncate = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[GivenRating]:
    """The ratings of the week's winner, newest first; without their authors when `anonymous`."""
    await find_week(tx, week_id, caller)
    found = await store.page(tx, week_id, place_of(cursor), limit)
    shown = found[:limit]
    authors = () if anonymous else {rating.user_id for rating in shown}
    persons = await people(tx, authors, with_discord=caller.sees_discord_ids)
    return Page(
        items=[store.shown(rating, persons.get(rating.user_id), truncate) for rating in shown],
        next_cursor=encode_cursor(str(shown[-1].id)) if len(found) > limit else None,
    )


@router.get("/summary")
async def summarise_ratings(week_id: WeekId, caller: SignedCaller, tx: Read) -> RatingSummary:
    """Average, number, median and histogram of the ratings of the week's winner."""
    await find_week(tx, week_id, caller)
    return await store.summary(tx, week_id)
