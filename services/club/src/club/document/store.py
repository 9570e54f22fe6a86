"""A whole week, read in one statement."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, Select, Uuid, and_, bindparam, exists, false, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from chassis.caller import Caller
from club.albums.redirects import meant
from club.json_rows import json_album_of, json_array, json_object
from club.models import Club, Override, Poll, Rating, Ref, Week
from club.nominations.answers import json_listing, people_of
from club.nominations.answers import shown as nomination_shown
from club.ratings import store as ratings
from club.ratings.sight import Sight
from club.roster.store import hosted_by, hosts_everywhere
from club.votes import store as votes
from club.weeks import store as weeks
from club.weeks.rules import NoSuchWeek, merge_refs
from contracts import refs
from contracts.club import WeekDocument
from contracts.clubs import ClubRules
from contracts.ids import ClubId, UserId, WeekId


@dataclass(frozen=True)
class Which:
    """Which week is meant; `said` fills the parameters of the statement that finds it."""

    by: Literal["id", "number", "highest"]
    said: Mapping[str, object]


def by_id(week_id: WeekId) -> Which:
    return Which("id", {"week_id": week_id})


def by_number(club_id: ClubId, number: int) -> Which:
    return Which("number", {"club_id": club_id, "number": number})


def current(club_id: ClubId) -> Which:
    """The week with the highest number that the caller sees."""
    return Which("highest", {"club_id": club_id})


async def document(tx: AsyncSession, which: Which, caller: Caller) -> WeekDocument:
    asked = statement(
        which.by,
        everywhere=hosts_everywhere(caller),
        is_user=caller.kind == "user",
        with_discord=caller.sees_discord_ids,
    )
    found = (await tx.execute(asked, {**which.said, "viewer": caller.user_id})).one_or_none()
    if found is None or (found.Week.phase == "draft" and not found.hosts):
        raise NoSuchWeek
    return _shown(found, caller.user_id)


@cache
def statement(by: str, *, everywhere: bool | None, is_user: bool, with_discord: bool) -> Select[Any]:
    """What of a week `_shown` puts together: built once, since building it takes longer than answering it."""
    viewer = bindparam("viewer", type_=Uuid())
    own = exists().where(Rating.user_id == viewer, ratings.of_the_winner).correlate(Week)
    return (
        select(
            Week,
            Club.rules,
            func.clock_timestamp().label("now"),
            hosted_by(Week.club_id, viewer, everywhere=everywhere).label("hosts"),
            (own if is_user else false()).label("rated"),
            json_array(json_object(Ref, *refs.Ref.model_fields), select(Ref).where(Ref.week_id == Week.id)).label(
                "refs"
            ),
            select(func.encode(Poll.commitment, "hex"))
            .where(Poll.week_id == Week.id)
            .scalar_subquery()
            .label("commit"),
            exists().where(Override.week_id == Week.id).label("overridden"),
            json_album_of(meant(Week.winner_album_id)).label("winner"),
            json_listing(Week.id, with_discord=with_discord).label("nominations"),
            *votes.json_counts(Week.id),
            *ratings.json_sums(),
        )
        .join(Club, Club.id == Week.club_id)
        .where(_condition(by, viewer, everywhere=everywhere))
    )


def _condition(by: str, viewer: ColumnElement[UUID], *, everywhere: bool | None) -> ColumnElement[bool]:
    if by == "id":
        return Week.id == bindparam("week_id", type_=Uuid())
    of_club = Week.club_id == (club_id := bindparam("club_id", type_=Uuid()))
    if by == "number":
        return and_(of_club, Week.number == bindparam("number", type_=BigInteger()))
    other = aliased(Week)
    seen = or_(other.phase != "draft", hosted_by(club_id, viewer, everywhere=everywhere))
    highest = select(func.max(other.number)).where(other.club_id == club_id, seen).scalar_subquery()
    return and_(of_club, Week.number == highest)


def _shown(found: Any, viewer: UserId | None) -> WeekDocument:
    week = found.Week
    nominations = [nomination_shown(each) for each in found.nominations]
    won = next((each for each in nominations if each.id == week.winner_nomination_id), None)
    sight = Sight(viewer, found.hosts, ClubRules.model_validate(found.rules).rating_visibility, found.now)
    return WeekDocument(
        **weeks.shown(week, merge_refs([], (refs.Ref.model_validate(each) for each in found.refs)))
        | {"winner_album_id": found.winner and found.winner["id"]},
        commit=found.commit,
        overridden=found.overridden,
        winner=found.winner,
        nominator=won.nominator if won else None,
        co_nominators=people_of(won.co_nominators) if won else [],
        nominations=nominations,
        votes=votes.summed(nominations, votes.counted(found)),
        ratings=ratings.summed(found, hidden=sight.hides(week, rated=found.rated)),
    )
