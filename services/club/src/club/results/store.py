"""Results in PostgreSQL, as they are announced and as they are shown."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from club.members.store import person
from club.models import Album, Club, Member, Nomination, Override, Poll, Result, Week
from club.nominations.answers import co_nominators
from club.proof.chain import opened
from club.roster.store import members_of
from contracts import catalog, results
from contracts.ids import NominationId, WeekId
from contracts.results import Item, Outcome, Participation, PlacedAlbum, ResultComputed


async def find(tx: AsyncSession, week_id: WeekId) -> Result | None:
    return await tx.scalar(select(Result).where(Result.week_id == week_id))


async def nominated(tx: AsyncSession, week_id: WeekId) -> list[NominationId]:
    """What stands in the poll: every nomination of the week that is not withdrawn."""
    standing = select(Nomination.id).where(Nomination.week_id == week_id, Nomination.withdrawn_at.is_(None))
    return list(await tx.scalars(standing))


async def size(tx: AsyncSession, week: Week) -> int:
    """How many could have voted."""
    members = members_of(await tx.get_one(Club, week.club_id)).subquery()
    return (await tx.scalars(select(func.count()).select_from(members))).one()


async def state(tx: AsyncSession, rows: Sequence[Result]) -> list[ResultComputed]:
    """The results as they are announced, whole."""
    return [await _announced(tx, row) for row in rows]


async def _announced(tx: AsyncSession, row: Result) -> ResultComputed:
    outcome, poll = Outcome.model_validate(row.outcome), await tx.get_one(Poll, row.week_id)
    named = await _nominations(tx, [item.nomination_id for item in outcome.items])
    items = [
        PlacedAlbum(**item.model_dump(), album_id=of.album_id, user_id=of.user_id)
        for item in outcome.items
        for of, *_ in [named[item.nomination_id]]
    ]
    told = _columns(row, poll) | {"items": items, "winner": outcome.winner, "tie": outcome.tie}
    won = named[outcome.winner][0].album_id if outcome.winner else None
    return ResultComputed(version=row.version, winner_album_id=won, **told)


async def document(tx: AsyncSession, row: Result, *, with_discord: bool) -> dict[str, Any]:
    """`contracts.results.Result` in JSON; its ballots, opened from the chain, never become objects."""
    leaves, links = await opened(tx, row.week_id)
    head = (await _without_ballots(tx, row, with_discord=with_discord)).model_dump(mode="json")
    return head | {"leaves": leaves, "links": links}


async def _without_ballots(tx: AsyncSession, row: Result, *, with_discord: bool) -> results.Result:
    outcome, poll = Outcome.model_validate(row.outcome), await tx.get_one(Poll, row.week_id)
    named = await _nominations(tx, [item.nomination_id for item in outcome.items])
    beside = await co_nominators(tx, list(named), with_discord=with_discord)
    items = [
        Item(
            **item.model_dump(),
            album=catalog.Album.model_validate(album),
            nominator=person(nominator, with_discord=with_discord),
            co_nominators=beside[item.nomination_id],
        )
        for item in outcome.items
        for _, album, nominator in [named[item.nomination_id]]
    ]
    told = outcome.model_dump() | _columns(row, poll) | {"items": items, "overrides": await _overrides(tx, row.week_id)}
    return results.Result(tie_policy=row.tie_policy, number=row.number, leaves=[], links=[], **told)


async def _overrides(tx: AsyncSession, week_id: WeekId) -> list[results.Override]:
    rows = select(Override, Album).join(Album).where(Override.week_id == week_id).order_by(Override.id)
    return [
        results.Override(
            nomination_id=row.nomination_id, album=catalog.Album.model_validate(album), reason=row.reason, at=row.at
        )
        for row, album in await tx.execute(rows)
    ]


async def overridden(tx: AsyncSession, week_id: WeekId) -> bool:
    return bool(await tx.scalar(select(exists().where(Override.week_id == week_id))))


def _columns(row: Result, poll: Poll) -> dict[str, Any]:
    return {
        "week_id": row.week_id,
        "ballots": row.ballots,
        "participation": Participation(voted=row.ballots, members=row.members),
        "commit": poll.commitment.hex(),
        "seed": poll.seed.hex(),
        "root": row.root.hex(),
        "head": row.head.hex(),
        "computed_at": row.computed_at,
    }


async def _nominations(
    tx: AsyncSession, ids: Collection[NominationId]
) -> dict[NominationId, tuple[Nomination, Album, Member]]:
    rows = select(Nomination, Album, Member).join(Album).join(Member).where(Nomination.id.in_(ids))
    return {row.id: (row, album, member) for row, album, member in await tx.execute(rows)}
