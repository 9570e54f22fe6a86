"""What decides a week, as the columns it sets."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from club.albums import store as albums
from club.albums.redirects import meant, standing_album
from club.models import Nomination, Week
from club.nominations.rules import check_standing
from club.nominations.store import chosen
from club.results import store as results
from club.results.rules import check_may_decide
from contracts.catalog import AlbumIn
from contracts.ids import AlbumId, NominationId, WeekId
from contracts.results import Outcome


async def by_nomination(tx: AsyncSession, week: Week, nomination_id: NominationId) -> dict[str, Any]:
    """The nomination wins; it must be one of the week, and not withdrawn."""
    nomination = await chosen(tx, week.id, nomination_id, None)
    check_standing(nomination.withdrawn_at)
    return {"winner_album_id": nomination.album_id, "winner_nomination_id": nomination.id}


async def by_album(tx: AsyncSession, week: Week, album_id: AlbumId | None) -> dict[str, Any]:
    """The album wins for who nominated it first, or for nobody; None takes the decision back.

    Deciding the same again leaves it with the nomination that won it.
    """
    same = week.winner_album_id is not None and album_id == await standing_album(tx, week.winner_album_id)
    if same and week.winner_nomination_id is not None:
        return {}
    first = _live(week.id).where(meant(Nomination.album_id) == album_id).order_by(Nomination.id).limit(1)
    nomination = await tx.scalar(first)
    # By the id it was nominated or decided under: ratings are of that.
    known = nomination.album_id if nomination else album_id
    album_id = week.winner_album_id if same else known
    return {"winner_album_id": album_id, "winner_nomination_id": nomination.id if nomination else None}


async def check_undecided(tx: AsyncSession, week: Week, winner: Mapping[str, Any]) -> None:
    """Once there is a result, hosts decide only what it left to them."""
    result = await results.find(tx, week.id)
    if result is not None:
        tie, overridden = Outcome.model_validate(result.outcome).tie, await results.overridden(tx, week.id)
        check_may_decide(tie, winner.get("winner_nomination_id"), overridden=overridden)


async def nominated(tx: AsyncSession, week_id: WeekId, album: AlbumIn) -> AlbumId | None:
    """The album that is meant, if it is among those nominated in the week."""
    among = {nomination.album_id for nomination in await tx.scalars(_live(week_id))}
    return await albums.find(tx, album, among)


def _live(week_id: WeekId) -> Select[Nomination]:
    return select(Nomination).where(Nomination.week_id == week_id, Nomination.withdrawn_at.is_(None))
