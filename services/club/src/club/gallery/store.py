"""Finding weeks: one statement for a page and all that is shown on it."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, TypeAlias

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Row,
    Select,
    Uuid,
    bindparam,
    case,
    exists,
    false,
    func,
    literal,
    select,
    true,
)
from sqlalchemy.ext.asyncio import AsyncSession

from club.albums.redirects import meant
from club.gallery.rules import Filters
from club.json_rows import json_album, json_array, json_object, json_person
from club.members.store import ids_now
from club.models import Album, Member, Nomination, Nominator, Rating, RatingCount, Ref, Week
from club.nominations.answers import json_co_nominators
from club.ratings.sight import Sight
from club.ratings.statistics import average
from club.ratings.store import of_the_week, of_the_winner
from club.weeks import store as weeks
from club.weeks.rules import merge_refs
from contracts import refs as contract
from contracts.club import WeekItem
from contracts.ids import UserId
from contracts.refs import Tags

# A week and what is shown beside it.
Found: TypeAlias = Row[Any]


async def page(  # noqa: PLR0913, PLR0917 — what to look for, and for whom
    tx: AsyncSession,
    among: Sequence[ColumnElement[bool]],
    filters: Filters,
    viewer: UserId | None,
    before: int | None,
    limit: int,
    *,
    with_discord: bool,
) -> Sequence[Found]:
    """Highest number first, from below `before` on; one more than `limit`, if there are more."""
    found = _weeks(is_user=viewer is not None, with_discord=with_discord)
    found = found.where(*among, *_fits(filters)).limit(limit + 1)
    if before is not None:
        found = found.where(Week.number < literal(before, BigInteger))
    rows: Sequence[Found] = (await tx.execute(found, {"viewer": viewer})).all()
    return rows


@cache
def _weeks(*, is_user: bool, with_discord: bool) -> Select[Any]:
    """Built once: what is looked for is added to it. A week that nothing won has neither winner, tags nor nominator."""
    half_steps = func.coalesce(func.sum(RatingCount.half_steps * RatingCount.ratings), 0)
    count = func.coalesce(func.sum(RatingCount.ratings), 0)
    sums = select(half_steps.label("half_steps"), count.label("ratings"))
    given = sums.where(of_the_week).correlate(Week).lateral()
    viewer = bindparam("viewer", type_=Uuid())
    own = exists().where(Rating.user_id == viewer, of_the_winner).correlate(Week) if is_user else false()
    refs = json_array(json_object(Ref, *contract.Ref.model_fields), select(Ref).where(Ref.week_id == Week.id))
    leader = select(json_person(with_discord=with_discord)).where(Member.id == Nomination.user_id)
    return (
        select(
            Week,
            given.c.half_steps,
            given.c.ratings,
            own.label("rated"),
            refs.label("refs"),
            case((Album.id.is_not(None), json_album())).label("winner"),
            case((Nomination.id.is_not(None), json_object(Nomination, *Tags.model_fields))).label("tags"),
            leader.scalar_subquery().label("nominator"),
            json_co_nominators(with_discord=with_discord).label("co_nominators"),
        )
        .select_from(Week)
        .outerjoin(Album, Album.id == meant(Week.winner_album_id))
        .outerjoin(Nomination, Nomination.id == Week.winner_nomination_id)
        .join(given, true())
        .order_by(Week.number.desc())
    )


def _fits(filters: Filters) -> Iterable[ColumnElement[bool]]:
    if filters.has_winner is not None:
        yield Week.winner_album_id.is_not(None) == filters.has_winner
    if filters.since:
        yield weeks.day >= filters.since
    if filters.until:
        yield weeks.day <= filters.until
    if filters.tag:
        tags = (Nomination.genre, Nomination.decade, Nomination.country)
        yield func.lower(filters.tag).in_([func.lower(tag) for tag in tags])
    if filters.artist:
        yield _says(Album.artist, filters.artist)
    if filters.q:
        yield _says(func.concat_ws("\n", weeks.label, Album.artist, Album.title), filters.q)
    if filters.nominator:
        yield _nominated_by(filters.nominator)
    if filters.ref:
        same = (Ref.provider == filters.ref.provider, Ref.kind == filters.ref.kind, Ref.id == filters.ref.id)
        yield select(Ref).where(Ref.week_id == Week.id, *same).exists()


def _says(text: Any, part: str) -> ColumnElement[bool]:
    # Not LIKE: unaccenting makes wildcards of full-width characters, so escaping them beforehand would not do.
    return func.strpos(plain(text), plain(part)) > 0


def plain(text: Any) -> ColumnElement[str]:
    return func.lower(func.unaccent(text))


def _nominated_by(nominator: UserId | str) -> ColumnElement[bool]:
    by_discord = isinstance(nominator, str)
    named = Member.discord_id == str(nominator).removeprefix("discord:") if by_discord else Member.id == nominator
    theirs = Nominator.user_id.in_(ids_now(named))
    standing = (Nominator.nomination_id == Week.winner_nomination_id, Nominator.withdrawn_at.is_(None))
    return select(Nominator).where(*standing, theirs).exists()


def item(found: Found, sight: Sight) -> WeekItem:
    """As the gallery shows it to who sees so much."""
    week, hidden = found.Week, sight.hides(found.Week, rated=found.rated)
    refs = merge_refs([], (contract.Ref.model_validate(each) for each in found.refs))
    return WeekItem(
        **weeks.shown(week, refs) | {"winner_album_id": found.winner and found.winner["id"]},
        winner=found.winner,
        average=None if hidden else average(found.half_steps, found.ratings),
        ratings=found.ratings,
        ratings_hidden=hidden,
        tags=found.tags or Tags(),
        nominator=found.nominator,
        co_nominators=found.co_nominators,
    )
