"""Rating the winner, and what its ratings are."""

from typing import Annotated

from fastapi import Depends, Query, Response, status

from chassis.db import Read, Tx
from chassis.http import router as chassis_router
from chassis.paging import Cursor, Limit, encode_cursor, place_of
from chassis.tokens import SignedCaller
from club.members.ensure import KnownMember, Members, settle
from club.members.paths import UserPath
from club.members.store import people, who_names
from club.models import Rating
from club.ratings import answers, rules, sight, store
from club.ratings.give import give_rating
from club.ratings.withdraw import withdraw_rating
from club.roster.who import check_may
from club.weeks.store import find_week, hold_week
from contracts.ids import WeekId
from contracts.paging import Page
from contracts.ratings import GivenRating, NewRating, OneRating, Rated, RatingSummary

router = chassis_router(prefix="/weeks/{week_id}/ratings", tags=["ratings"])


async def _rater(given: NewRating, members: Members) -> KnownMember:
    return await members.meant(given.user)


Rater = Annotated[KnownMember, Depends(_rater)]
Truncate = Annotated[int | None, Query(ge=1, le=4000, description="Cut reviews after so many characters.")]


@router.post("", status_code=status.HTTP_201_CREATED, responses={200: {"model": Rated}})
async def rate(  # noqa: PLR0913, PLR0917 — each is a dependency of the endpoint
    week_id: WeekId, given: NewRating, caller: SignedCaller, rater: Rater, response: Response, tx: Tx
) -> Rated:
    """Rate the week's winner; a repeat changes what it carries and leaves the rest.

    Once the week is closed, who has rated and rates differently adds to their diary: the week's rating stays. Only the
    message that it came from (`ref`) may still be edited, where the club takes late ratings.
    """
    week = await hold_week(tx, week_id)
    rules.check_winner(week.winner_album_id)
    user_id = await settle(tx, rater)
    await check_may(tx, "rate", week.club_id, user_id)
    rating, new = await give_rating(tx, week, user_id, given)
    if not new:
        response.status_code = status.HTTP_200_OK
    seen = await sight.sight_of(tx, week.club_id, caller)
    return await answers.rated(tx, rating, seen, with_discord=caller.sees_discord_ids)


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
    """The ratings of the week's winner, newest first, without their authors when `anonymous`.

    While the club does not show them to a reader, only the reader's own. Whoever keeps how they rate to themself is
    left out as an author.
    """
    week = await find_week(tx, week_id, caller)
    seen = await sight.sight_of(tx, week.club_id, caller)
    among = [Rating.user_id == seen.viewer] if await sight.hidden(tx, week, seen) else []
    found = await store.page(tx, week_id, among, place_of(cursor), limit)
    shown = found[:limit]
    authors = () if anonymous else await who_names(tx, {rating.user_id for rating in shown}, seen.reader)
    persons = await people(tx, authors, with_discord=caller.sees_discord_ids)
    return Page(
        items=await answers.listed(tx, shown, persons, seen, truncate),
        next_cursor=encode_cursor(str(shown[-1].id)) if len(found) > limit else None,
    )


# Before the rating of a user, for whom it would take "summary".
@router.get("/summary")
async def summarise_ratings(week_id: WeekId, caller: SignedCaller, tx: Read) -> RatingSummary:
    """What the ratings of the week's winner amount to; while they are hidden from a reader, only how many there are."""
    week = await find_week(tx, week_id, caller)
    hidden = await sight.hidden(tx, week, await sight.sight_of(tx, week.club_id, caller))
    return await store.summary(tx, week, hidden=hidden)


@router.get("/{user}")
async def one_rating(week_id: WeekId, user: UserPath, caller: SignedCaller, tx: Read) -> OneRating:
    """A member's rating with their diary; for themself, and for whoever runs the club, with every state it had."""
    week = await find_week(tx, week_id, caller)
    seen = await sight.sight_of(tx, week.club_id, caller)
    rating = await sight.seen_rating(tx, week, user, caller, seen)
    return await answers.one(tx, rating, seen, with_discord=caller.sees_discord_ids)


@router.delete("/{user}", status_code=204)
async def withdraw(week_id: WeekId, user: UserPath, caller: SignedCaller, tx: Tx) -> None:
    """Withdraw a rating, which is no longer listed or counted; rating again revives it."""
    week = await hold_week(tx, week_id)
    await withdraw_rating(tx, week, await sight.withdrawer(tx, week, user, caller))
