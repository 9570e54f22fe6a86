"""Recommendations over HTTP: for whose they are alone, since they tell what somebody has not heard."""

from collections.abc import Collection, Mapping, Sequence
from typing import Annotated

from fastapi import Query
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.db import Read
from chassis.http import router as routes
from chassis.people import UserPath
from chassis.tokens import SignedCaller
from contracts.ids import AlbumId, UserId
from contracts.recommendations import Recommendation, Recommendations
from contracts.taste import TasteProfile
from taste.clubs.store import clubs_of, fellows_of, members_of
from taste.forecasts.api import shown_album
from taste.forecasts.store import albums_of, season_of
from taste.matching.api import beside, member
from taste.matching.rules import nearest
from taste.matching.store import rated_by, rows_of, to_members
from taste.models import AlbumAlias, Day, Profile, Rating, User, Week
from taste.profiles.showing import shown, withheld_from_members
from taste.recommending.rules import Neighbour, Pick, advise
from taste.sight import TastePrivate, person_named, privacy_of, shows

router = routes(prefix="/users/{user_id}", tags=["taste"])
ASKED = 20


@router.get("/recommendations")
async def read_recommendations(
    user_id: UserPath, caller: SignedCaller, tx: Read, limit: Annotated[int, Query(ge=1, le=50)] = 10
) -> Recommendations:
    """Albums that neighbours like and picks of the club, which the person neither played nor rated."""
    user = await person_named(tx, user_id, caller)
    if not shows(user, "private", caller):
        raise TastePrivate
    near = await _nearest(tx, user)
    neighbours = await _neighbours(tx, near)
    heard = await _heard(tx, UserId(user.id))
    told = advise(neighbours, await _picks(tx, UserId(user.id)), heard)[:limit]
    albums = await albums_of(tx, [each.album_id for each in told])
    people = {each.id: each for each, _ in near}
    return Recommendations(
        neighbours=len(neighbours),
        items=[
            Recommendation(
                album=shown_album(albums[each.album_id]),
                kind=each.kind,
                weight=each.weight,
                sentence=each.sentence,
                by=[member(people[by]) for by in each.by],
            )
            for each in told
        ],
    )


async def _nearest(tx: AsyncSession, user: User) -> list[tuple[User, float]]:
    """With how alike they are, from 0 to 1, by what they show to members."""
    others = [each for each in to_members(await fellows_of(tx, UserId(user.id))) if each.id != user.id]
    called = {each.seat: each for each in others}
    matches = nearest(beside(user, others, await rows_of(tx, [user], others)))
    return [(called[seat], found.score / 1000) for seat, found in matches[:ASKED]]


async def _neighbours(tx: AsyncSession, near: Sequence[tuple[User, float]]) -> list[Neighbour]:
    people = [user for user, _ in near]
    profiles = {row.user_id: row for row in await tx.scalars(select(Profile).where(Profile.user_id.in_(_ids(people))))}
    played = {user.id: _played(user, profiles[user.id]) for user in people if user.id in profiles}
    rated = await rated_by(tx, _ids([user for user in people if privacy_of(user).ratings != "private"]))
    ratings = {user_id: {album: half / 2 for album, half in each.values()} for user_id, each in rated.items()}
    now = await _now(tx, [*(album for each in ratings.values() for album in each)])
    return [
        Neighbour(
            user_id=UserId(user.id),
            name=user.display_name,
            alike=alike,
            ratings={now.get(album, album): rating for album, rating in ratings.get(UserId(user.id), {}).items()},
            played=played.get(user.id, []),
        )
        for user, alike in near
    ]


def _played(user: User, row: Profile) -> list[AlbumId]:
    profile = shown(TasteProfile.model_validate(row.document), withheld_from_members(user))
    return [each.id for each in profile.top_albums]


async def _picks(tx: AsyncSession, user_id: UserId) -> list[Pick]:
    """What won the weeks that are over, in all their clubs."""
    found = []
    for club in await clubs_of(tx, user_id):
        over = select(Week.week_id, Week.label).where(Week.club_id == club.id, Week.phase == "closed")
        labels = {row.week_id: row.label for row in await tx.execute(over)}
        private = {UserId(user.id) for user in await members_of(tx, club) if privacy_of(user).ratings == "private"}
        season = [week for week in await season_of(tx, club.id, but=frozenset(private)) if week.week_id in labels]
        found += [
            Pick(week.album.id, labels[week.week_id], [half / 2 for half in week.ratings.values()]) for week in season
        ]
    return found


async def _heard(tx: AsyncSession, user_id: UserId) -> frozenset[AlbumId]:
    """What they played at all, or rated: by the ids that those albums mean now."""
    played = select(func.unnest(Day.album_ids)).where(Day.user_id == user_id)
    ids = {AlbumId(each) for each in await tx.scalars(played)}
    ids |= {AlbumId(each) for each in await tx.scalars(select(Rating.album_id).where(Rating.user_id == user_id))}
    now = await _now(tx, ids)
    return frozenset(now.get(each, each) for each in ids)


async def _now(tx: AsyncSession, ids: Collection[AlbumId]) -> Mapping[AlbumId, AlbumId]:
    rows = await tx.scalars(select(AlbumAlias).where(AlbumAlias.id.in_(ids)))
    return {AlbumId(row.id): AlbumId(row.survivor_id) for row in rows}


def _ids(people: Sequence[User]) -> list[UserId]:
    return [UserId(user.id) for user in people]
