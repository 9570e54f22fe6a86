"""Giving a rating, whichever door it came through."""

from typing import Any

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession

from club.audit.record import record
from club.clubs.store import rules_of
from club.models import DiaryEntry, Rating, Week
from club.phases.rules import check_has_album
from club.phases.store import check_rates, current_phase
from club.ratings import history, rules, store
from contracts.ids import UserId
from contracts.phases import Phase
from contracts.ratings import NewRating


async def give_rating(
    tx: AsyncSession, week: Week, user_id: UserId, given: NewRating, said_in: Phase | None = None
) -> tuple[Rating, bool]:
    """Rate the winner of a week that is held; the rating as it stands, and whether it is the member's first there.

    Who rated already and rates differently once the week is closed, adds to their diary; unless it is the message that
    the rating came from, which was edited. What is already so changes nothing. `said_in` is the phase in which it was
    said, if that was before. Raises PhaseClosed, NoAlbumWeek.
    """
    check_has_album(week.kind)
    current = await current_phase(tx, week)
    phase = said_in or current
    seen = await _seen_from(tx, week, closed=current == "closed")
    first = rules.afresh(given) | {"album_id": week.winner_album_id, "late": phase == "closed", "visible_from": seen}
    if (made := await history.begin(tx, week, user_id, first)) is not None:
        await check_rates(tx, week, phase)
        return made, True
    rating = await _taken(tx, week, user_id)
    if not rules.counts(rating.album_id, rating.withdrawn_at, week.winner_album_id):
        changes = first | {"withdrawn_at": None}
    elif phase == "closed" and not rules.same_message(rating.ref, given.ref):
        await _write_diary(tx, week, rating, given)
        return rating, False
    elif changes := rules.changed(rating, given):
        changes |= {"late": first["late"], "visible_from": rating.visible_from or first["visible_from"]}
    if changes:
        await check_rates(tx, week, phase)
        await history.change(tx, week, rating, changes)
    return rating, False


async def _seen_from(tx: AsyncSession, week: Week, *, closed: bool) -> Any:
    visible = closed or (await rules_of(tx, week.club_id)).rating_visibility == "always"
    return func.clock_timestamp() if visible else None


async def _taken(tx: AsyncSession, week: Week, user_id: UserId) -> Rating:
    rating = await history.take(tx, week, user_id)
    assert rating is not None  # noqa: S101 — ratings are never deleted, and this one stood in the way of a new one
    return rating


async def _write_diary(tx: AsyncSession, week: Week, rating: Rating, given: NewRating) -> None:
    """What is said now and differs from what was said last; what is left out of it was not said."""
    last = [rating, *await store.diary(tx, rating.id)][-1]
    said = rules.said(given)
    if any(getattr(last, name) != value for name, value in said.items()):
        tx.add(entry := DiaryEntry(rating_id=rating.id, **said))
        await tx.flush()
        after = {"rating": entry.half_steps / 2, "favorite_track": entry.favorite_track, "review": entry.review}
        await record(tx, "diary.written", rating.id, week.club_id, after=after)
