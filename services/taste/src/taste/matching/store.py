"""Matches in PostgreSQL, and what people are matched by: what they show to any member."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.ids import AlbumId, UserId, WeekId
from contracts.taste import TasteProfile
from taste.compatibility.measured import prepare
from taste.matching.rules import Match, Matchable, Row
from taste.models import Matches, Profile, Rating, User
from taste.profiles.showing import shown, withheld_from_members
from taste.profiles.store import SHOWN
from taste.sight import privacy_of


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

    async def matchable(self, tx: AsyncSession, people: Sequence[User]) -> list[Matchable]:
        """Those of whom something is known and shown to members, in their order."""
        told = {user.id: user for user in to_members(people)}
        columns = Profile.user_id, Profile.inputs_hash, Profile.formula_version
        rows = await tx.execute(select(*columns).where(Profile.user_id.in_(told)))
        keys = {UserId(row[0]): (row[1], row[2], str(withheld_from_members(told[row[0]]))) for row in rows}
        new = [user for user in told.values() if user.id in keys and not self._has(user, keys[UserId(user.id)])]
        for each in await _read(tx, new):
            self._kept[each.user_id] = keys[each.user_id], each
        found = [self._kept[user_id][1] for user in told.values() if (user_id := UserId(user.id)) in keys]
        if len(self._kept) > self._most:
            self._kept = {each.user_id: self._kept[each.user_id] for each in found}
        return found

    def _has(self, user: User, key: tuple[str, int, str]) -> bool:
        kept = self._kept.get(UserId(user.id))
        return kept is not None and kept[0] == key


async def _read(tx: AsyncSession, people: Sequence[User]) -> list[Matchable]:
    users = {user.id: user for user in people}
    rated = await rated_by(tx, [UserId(user.id) for user in people if privacy_of(user).ratings != "private"])
    found = []
    for row in await tx.scalars(select(Profile).where(Profile.user_id.in_(users))):
        user = users[row.user_id]
        profile = shown(TasteProfile.model_validate(row.document), withheld_from_members(user))
        found.append(Matchable(user.id, user.seat, prepare(profile), rated.get(user.id, {})))
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


async def rows_of(tx: AsyncSession, people: Sequence[User]) -> dict[int, Row]:
    """By seat."""
    seats = {user.id: user.seat for user in people}
    columns = Matches.user_id, Matches.computed_at, Matches.seats, Matches.scores, Matches.confidences
    found = {}
    for user_id, at, beside, scores, confidences in await tx.execute(
        select(*columns).where(Matches.user_id.in_(seats))
    ):
        matches = {seat: Match(*each) for seat, *each in zip(beside, scores, confidences, strict=True)}
        found[seats[user_id]] = Row(at, matches)
    return found
