"""Finding weeks: one query for a page, and one each for the refs, albums and people on it."""

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
    exists,
    false,
    func,
    literal,
    select,
    true,
)
from sqlalchemy.ext.asyncio import AsyncSession

from club.albums.redirects import meant
from club.albums.store import albums
from club.gallery.rules import Filters
from club.members.store import ids_now, people
from club.models import Album, Member, Nomination, Nominator, Rating, RatingCount, Ref, Week
from club.nominations.answers import co_nominators
from club.ratings.sight import Sight
from club.ratings.statistics import average
from club.ratings.store import of_the_week, of_the_winner
from club.weeks import store as weeks
from contracts.club import WeekItem
from contracts.ids import UserId
from contracts.refs import Tags

# A week, the nomination that won it, the sum and number of its ratings, and whether the viewer's is among them.
Found: TypeAlias = Row[Week, Nomination | None, int, int, bool]


async def page(  # noqa: PLR0913, PLR0917 — what to look for, and for whom
    tx: AsyncSession,
    among: Sequence[ColumnElement[bool]],
    filters: Filters,
    viewer: UserId | None,
    before: int | None,
    limit: int,
) -> Sequence[Found]:
    """Highest number first, from below `before` on; one more than `limit`, if there are more."""
    found = _weeks(is_user=viewer is not None).where(*among, *_fits(filters)).limit(limit + 1)
    if before is not None:
        found = found.where(Week.number < literal(before, BigInteger))
    return (await tx.execute(found, {"viewer": viewer})).all()


@cache
def _weeks(*, is_user: bool) -> Select[Week, Nomination | None, int, int, bool]:
    """Built once: what is looked for is added to it."""
    half_steps = func.coalesce(func.sum(RatingCount.half_steps * RatingCount.ratings), 0)
    count = func.coalesce(func.sum(RatingCount.ratings), 0)
    sums = select(half_steps.label("half_steps"), count.label("count"))
    given = sums.where(of_the_week).correlate(Week).lateral()
    viewer = bindparam("viewer", type_=Uuid())
    own = exists().where(Rating.user_id == viewer, of_the_winner).correlate(Week) if is_user else false()
    return (
        select(Week, Nomination, given.c.half_steps, given.c.count, own.label("rated"))
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


async def items(tx: AsyncSession, rows: Sequence[Found], sight: Sight, *, with_discord: bool) -> list[WeekItem]:
    refs = await weeks.refs_of(tx, [week.id for week, *_ in rows])
    winners = await albums(tx, [week.winner_album_id for week, *_ in rows if week.winner_album_id])
    nominators = {nomination.user_id for _, nomination, *_ in rows if nomination}
    persons = await people(tx, nominators, with_discord=with_discord)
    beside = await co_nominators(
        tx, [nomination.id for _, nomination, *_ in rows if nomination], with_discord=with_discord
    )
    return [
        WeekItem(
            **weeks.shown(week, refs[week.id]) | {"winner_album_id": winner and winner.id},
            winner=winner,
            average=None if hidden else average(half_steps, count),
            ratings=count,
            ratings_hidden=hidden,
            tags=Tags.model_validate(nomination, from_attributes=True) if nomination else Tags(),
            nominator=persons[nomination.user_id] if nomination else None,
            co_nominators=beside[nomination.id] if nomination else [],
        )
        for week, nomination, half_steps, count, rated in rows
        for hidden in [sight.hides(week, rated=rated)]
        for winner in [winners[week.winner_album_id] if week.winner_album_id else None]
    ]
