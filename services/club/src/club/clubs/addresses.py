"""How a club is addressed: `/club/…` is the default club, `/clubs/{slug}/…` any."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from sqlalchemy import select

from chassis.tokens import SignedCaller
from club.clubs.store import by_slug
from club.models import DEFAULT_CLUB, Week
from club.weeks.rules import NoSuchWeek
from contracts.clubs import Slug
from contracts.ids import ClubId, WeekId


async def _named(request: Request, _: SignedCaller, slug: Slug) -> None:
    """Finds the club; a week that the address names must be one of its own."""
    async with request.app.state.db.transaction(postgresql_readonly=True) as tx:
        club_id = (await by_slug(tx, slug)).id
        if (week_id := week_of(request)) is not None:
            whose = await tx.scalar(select(Week.club_id).where(Week.id == week_id))
            if whose != club_id:
                raise NoSuchWeek
    request.state.club_id = club_id


def week_of(request: Request) -> WeekId | None:
    """The week that the address names, if it names one."""
    try:
        return WeekId(UUID(request.path_params["week_id"]))
    except (KeyError, ValueError):
        return None


async def _addressed(request: Request) -> ClubId:
    return ClubId(getattr(request.state, "club_id", DEFAULT_CLUB))


AddressedClub = Annotated[ClubId, Depends(_addressed)]


def of_clubs(*routers: APIRouter) -> list[APIRouter]:
    """What they serve, under both addresses."""
    default = APIRouter(prefix="/club")
    named = APIRouter(prefix="/clubs/{slug}", dependencies=[Depends(_named)])
    for each in routers:
        default.include_router(each)
        named.include_router(each)
    return [default, named]
