"""Reading activities: a page is one query, and what may be seen is decided as it is read."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select, tuple_, union
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from chassis.caller import Caller
from chassis.caller import audiences as listening_audiences
from contracts import activity
from contracts.ids import ClubId, UserId
from identity.activity.rules import audiences
from identity.follows.store import apart
from identity.models import Activity, Follow, Participant, User, Week
from identity.users.answers import person

# What was done, by whom, whom they followed, and of which club the week is.
# The last two may be null, which the types of a join do not tell.
Done: TypeAlias = Row[Activity, User, User, ClubId]

Followed = aliased(User)


def around(viewer: UserId) -> ColumnElement[bool]:
    """Done by those whom the viewer follows, or who take part in a club that the viewer takes part in."""
    followed = select(Follow.followed_id).where(Follow.follower_id == viewer, Follow.following)
    clubs = select(Participant.club_id).where(Participant.user_id == viewer)
    mates = select(Participant.user_id).where(Participant.club_id.in_(clubs))
    return and_(Activity.user_id.in_(union(followed, mates)), Activity.user_id != viewer)


def by(user_id: UserId) -> ColumnElement[bool]:
    return Activity.user_id == user_id


async def page(
    tx: AsyncSession, which: ColumnElement[bool], caller: Caller, before: tuple[datetime, UUID] | None, limit: int
) -> Sequence[Done]:
    """Newest first, from the place `before` on; one more than `limit`, if there are more."""
    done = _done().where(which, Activity.withdrawn.is_(False), _seen_by(caller))
    if before is not None:
        done = done.where(tuple_(Activity.at, Activity.id) < tuple_(*before))
    return (await tx.execute(done.order_by(Activity.at.desc(), Activity.id.desc()).limit(limit + 1))).all()


def _done() -> Select[Activity, User, User, ClubId]:
    return (
        select(Activity, User, Followed, Week.club_id)
        .join(User, User.id == Activity.user_id)
        .outerjoin(Followed, and_(Activity.kind == "followed", Followed.id == Activity.subject_id))
        .outerjoin(Week, Week.id == Activity.week_id)
    )


def _seen_by(caller: Caller) -> ColumnElement[bool]:
    viewer = caller.user_id
    shown = and_(
        Activity.seen_from <= func.now(),
        or_(Activity.kind != "rated", _audience("ratings").in_(audiences(caller))),
        or_(Activity.kind != "listened", _audience("listening").in_(listening_audiences(caller))),
    )
    about_another = and_(Activity.kind == "followed", apart(viewer, Activity.subject_id))
    return and_(or_(shown, Activity.user_id == viewer), ~apart(viewer, Activity.user_id), ~about_another)


def _audience(of: str) -> ColumnElement[str]:
    return func.coalesce(User.privacy[of].astext, "public")


def shown(done: Done, *, with_discord: bool) -> activity.Activity:
    act, user, followed, club_id = done
    return activity.Activity(
        id=act.id,
        kind=act.kind,
        at=act.at,
        user=person(user, with_discord=with_discord),
        club_id=club_id,
        week_id=act.week_id,
        album_id=act.album_id,
        nomination_id=act.subject_id if act.kind == "nominated" else None,
        rating=None if act.half_steps is None else act.half_steps / 2,
        followed=person(followed, with_discord=with_discord) if followed else None,
    )
