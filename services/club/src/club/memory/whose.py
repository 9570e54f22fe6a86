"""What counts in the club's memory: who nominated what, and which ratings. Here alone it is said."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, FromClause, Integer, Subquery, Uuid, case, column, func, or_, select, true
from sqlalchemy.sql.selectable import LateralFromClause

from club.models import Nomination, Nominator, Rating, Result, Vote, Week
from club.votes.rules import POINTS


def standing() -> ColumnElement[bool]:
    """Whether a nomination of a `Week` stands; what won stays."""
    return or_(Nomination.withdrawn_at.is_(None), Nomination.id == Week.winner_nomination_id)


def whose() -> Subquery:
    """Who stands behind which nomination that stands, a row for each: `nomination_id`, `week_id`, `user_id`."""
    return (
        select(Nominator.nomination_id, Nomination.week_id, Nominator.user_id)
        .join(Nomination, Nomination.id == Nominator.nomination_id)
        .join(Week, Week.id == Nomination.week_id)
        .where(standing(), Nominator.withdrawn_at.is_(None))
        .subquery("whose")
    )


def decided_votes() -> FromClause:
    """Points and first votes of nominations, as results have them."""
    final = func.jsonb_to_recordset(Result.outcome["items"]).table_valued(
        column("nomination_id", Uuid), column("points", Integer), column("first_votes", Integer)
    )
    item = final.render_derived("item", with_types=True)
    return select(Result.week_id, item.c.nomination_id, item.c.points, item.c.first_votes).join(item, true()).subquery()


def standing_votes(among: Iterable[ColumnElement[bool]]) -> FromClause:
    """Points and first votes of nominations, as ballots have them in those weeks `among` some that have no result."""
    decided = select(Result.id).where(Result.week_id == Week.id).exists()
    return (
        select(
            Vote.week_id,
            Vote.nomination_id,
            func.sum(case(POINTS, value=Vote.rank)).label("points"),
            func.count().filter(Vote.rank == 1).label("first_votes"),
        )
        .where(Vote.week_id.in_(select(Week.id).where(*among, ~decided)))
        .group_by(Vote.week_id, Vote.nomination_id)
        .cte("standing_votes")
        # Added up before they are joined: there are many votes of each nomination.
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )


def counts() -> ColumnElement[bool]:
    """Whether a rating counts, for everybody alike; that it is of the week's winner is the week's to say."""
    return Rating.withdrawn_at.is_(None) & Rating.visible_from.is_not(None)


def rated() -> LateralFromClause:
    """The ratings that count of a `Week`: how many, the sum of their half steps, and that of the squares of those."""
    steps = Rating.half_steps
    return (
        select(
            func.count().label("count"),
            func.coalesce(func.sum(steps), 0).label("half_steps"),
            func.coalesce(func.sum(steps * steps), 0).label("squares"),
        )
        .where(Rating.week_id == Week.id, Rating.album_id == Week.winner_album_id, counts())
        .lateral()
    )
