"""Matches in PostgreSQL, and what people are matched by: what they show to any member."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ARRAY, Integer, Uuid, bindparam, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.ids import AlbumId, UserId, WeekId
from taste.clubs.store import fellows_of
from taste.compatibility.measured import prepare
from taste.matching.rules import Match, Matchable, Row, beside, nearest, row_of
from taste.models import Matches, Profile, Rating, User
from taste.profiles.showing import as_members_see, withheld_from_members
from taste.profiles.store import SHOWN
from taste.sight import privacy_of

if TYPE_CHECKING:
    from taste.matching.crowd import Crowd

# So many are compared by arrays.
MANY = 100


def to_members(people: Sequence[User]) -> list[User]:
    """Those whose taste any member may see."""
    return [user for user in people if privacy_of(user).taste != "private"]


class Shelf:
    """What people are matched by, kept at hand as long as nothing of it changed: to read all anew would take longest.

    Whatever somebody is matched by is in the hash of their profile's evidence, but for what they show.
    """

    def __init__(self, most: int = 10_000) -> None:
        self._most = most
        self._kept: dict[UserId, tuple[tuple[str, int, str], Matchable]] = {}
        self._crowd: Crowd | None = None

    async def matchable(self, tx: AsyncSession, people: Sequence[User]) -> list[Matchable]:
        """Those of whom something is known and shown to members."""
        told = {user.id: user for user in to_members(people)}
        columns = Profile.user_id, Profile.inputs_hash, Profile.formula_version
        rows = await tx.execute(select(*columns).where(Profile.user_id.in_(told)))
        keys = {UserId(row[0]): (row[1], row[2], str(withheld_from_members(told[row[0]]))) for row in rows}
        new = [told[user_id] for user_id, key in keys.items() if not self._has(user_id, key)]
        for each in await _read(tx, new):
            self._kept[each.user_id] = keys[each.user_id], each
        # What went meanwhile has no key, or is not what it was.
        found = [self._kept[user_id][1] for user_id, key in keys.items() if self._has(user_id, key)]
        if len(self._kept) > self._most:
            self._kept = {each.user_id: self._kept[each.user_id] for each in found}
        return found

    def row_of(self, one: Matchable, others: Sequence[Matchable], among: Sequence[Matchable]) -> dict[int, Match]:
        """Somebody's matches with the others, by seats; these are `among` whom several are compared with."""
        if len(others) < MANY:
            return row_of(one, others)
        if self._crowd is None:
            from taste.matching.crowd import Crowd  # noqa: PLC0415 — numpy is 20 MiB that only large clubs need

            self._crowd = Crowd()
        return self._crowd.row_of(one, others, among)

    def _has(self, user_id: UserId, key: tuple[str, int, str]) -> bool:
        kept = self._kept.get(user_id)
        return kept is not None and kept[0] == key


async def _read(tx: AsyncSession, people: Sequence[User]) -> list[Matchable]:
    users = {user.id: user for user in people}
    rated = await rated_by(tx, [UserId(user.id) for user in people if privacy_of(user).ratings != "private"])
    found = []
    for row in await tx.scalars(select(Profile).where(Profile.user_id.in_(users))):
        user = users[row.user_id]
        prepared = prepare(as_members_see(user, row))
        found.append(Matchable(user.id, user.seat, prepared, rated.get(user.id, {})))
    return found


async def rated_by(tx: AsyncSession, users: Collection[UserId]) -> dict[UserId, dict[WeekId, tuple[AlbumId, int]]]:
    columns = Rating.user_id, Rating.week_id, Rating.album_id, Rating.half_steps
    found: dict[UserId, dict[WeekId, tuple[AlbumId, int]]] = {}
    for user_id, week_id, album_id, half_steps in await tx.execute(
        select(*columns).where(Rating.user_id.in_(users), SHOWN)
    ):
        found.setdefault(user_id, {})[week_id] = album_id, half_steps
    return found


async def keep_row(tx: AsyncSession, user_id: UserId, matches: Mapping[int, Match]) -> None:
    told = {
        "seats": [*matches],
        "scores": [each.score for each in matches.values()],
        "confidences": [each.confidence for each in matches.values()],
        "computed_at": func.clock_timestamp(),
    }
    row = insert(Matches).values(user_id=user_id, **told)
    await tx.execute(row.on_conflict_do_update(index_elements=[Matches.user_id], set_=told))


_BESIDE = text("""
    SELECT m.user_id, m.computed_at, asked.seat, m.scores[place] AS score, m.confidences[place] AS confidence
    FROM matches AS m, unnest(:seats) AS asked(seat), array_position(m.seats, asked.seat) AS place
    WHERE m.user_id = ANY(:users) AND place IS NOT NULL
""").bindparams(bindparam("seats", type_=ARRAY(Integer)), bindparam("users", type_=ARRAY(Uuid)))


async def rows_of(tx: AsyncSession, asked: Sequence[User], people: Sequence[User]) -> dict[int, Row]:
    """By seat: the rows of those who are asked for, and of the others what they say of these."""
    whose = {user.id: user.seat for user in (*people, *asked)}
    rows = await tx.scalars(select(Matches).where(Matches.user_id.in_([user.id for user in asked])))
    found = {whose[row.user_id]: Row(row.computed_at, _matches(row)) for row in rows}
    wanted = {"seats": [user.seat for user in asked], "users": [each for each in whose if whose[each] not in found]}
    others: dict[int, dict[int, Match]] = {}
    times = {}
    for row in await tx.execute(_BESIDE, wanted):
        times[whose[row.user_id]] = row.computed_at
        others.setdefault(whose[row.user_id], {})[row.seat] = Match(row.score, row.confidence)
    return found | {seat: Row(times[seat], matches) for seat, matches in others.items()}


def _matches(row: Matches) -> dict[int, Match]:
    told = zip(row.seats, row.scores, row.confidences, strict=True)
    return {seat: Match(score, confidence) for seat, score, confidence in told}


async def computed_last(tx: AsyncSession, people: Sequence[User]) -> datetime | None:
    """When the newest row of theirs was computed."""
    newest = select(func.max(Matches.computed_at)).where(Matches.user_id.in_([user.id for user in people]))
    return await tx.scalar(newest)


async def near(tx: AsyncSession, user: User) -> tuple[int, list[tuple[User, Match]]]:
    """Of how many fellow members who show their taste, and who of them are alike: the most alike first."""
    others = [each for each in to_members(await fellows_of(tx, user.id)) if each.id != user.id]
    called = {each.seat: each for each in others}
    matches = beside(await rows_of(tx, [user], others), user.seat, called)
    return len(others), [(called[seat], found) for seat, found in nearest(matches)]
