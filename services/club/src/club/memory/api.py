"""The club's statistics, and a page for each of its members."""

from typing import Annotated

from fastapi import Query

from chassis.db import Read
from chassis.http import router as chassis_router
from chassis.paging import Cursor, Limit
from chassis.tokens import SignedCaller
from club.clubs.addresses import AddressedClub
from club.clubs.store import by_id
from club.members.privacy import reader_of
from club.members.store import people, person, who_names
from club.memory import page, stats, store
from club.memory.scope import Filters, Scope
from club.memory.sight import SeenMember, check_known
from club.roster.store import is_host, role_of
from club.weeks.store import seen_by
from contracts.memory import ClubStats, MemberPage

router = chassis_router(tags=["memory"])


class Asked(Filters):
    """What an address can ask for."""

    limit: Annotated[int, Query(ge=1, le=100, description="How many lines each list has at most.")] = 10


@router.get("/stats")
async def club_stats(
    club_id: AddressedClub, caller: SignedCaller, asked: Annotated[Asked, Query()], tx: Read
) -> ClubStats:
    """What became of the weeks of these days, this tag and this kind: winners, nominators, attendance, fairness."""
    scope = Scope(await seen_by(tx, club_id, caller), asked)
    season, fields = await store.season(tx, scope), await store.fields(tx, scope)
    whom = {*season.members, *(user_id for user_id, *_ in fields)}
    reader = reader_of(caller, caller.user_id, hosts=await is_host(tx, club_id, caller))
    season = season.told_to(await who_names(tx, season.members, reader))
    return stats.told(season, fields, await people(tx, whom, with_discord=caller.sees_discord_ids), asked.limit)


@router.get("/members/{user}")
async def one_member(  # noqa: PLR0913, PLR0917 — each is a parameter of the address, or a dependency
    club_id: AddressedClub, member: SeenMember, caller: SignedCaller, tx: Read, limit: Limit = 25, cursor: Cursor = None
) -> MemberPage:
    """What a member nominated, won, gave and received; their nominations come in pages, latest week first."""
    scope = Scope(await seen_by(tx, club_id, caller), Filters(), only=member.id)
    season, role = await store.season(tx, scope), await role_of(tx, await by_id(tx, club_id), member.id)
    history = check_known(season.members.get(member.id), role)
    reader = reader_of(caller, caller.user_id, hosts=await is_host(tx, club_id, caller))
    shown = reader.sees_ratings_of(member.id, member.privacy)
    given = await page.opinions(tx, scope, season) if shown else []
    return MemberPage(
        user=person(member, with_discord=caller.sees_discord_ids),
        role=role,
        **page.figures(season, history if shown else history.unrated(), given),
        nominations=await page.nominations(tx, scope, cursor, limit),
    )
