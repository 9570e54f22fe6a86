"""What recommendations are drawn from."""

from collections.abc import Sequence

from sqlalchemy import func, select, union
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.aliases import survivors_of
from contracts.ids import AlbumId, UserId
from taste.clubs.store import clubs_of, members_of
from taste.forecasts.store import season_of
from taste.matching.rules import Match
from taste.matching.store import rated_by
from taste.models import AlbumAlias, Day, Profile, Rating, User, Week
from taste.profiles.showing import as_members_see
from taste.recommending.rules import Neighbour, Pick
from taste.sight import privacy_of


async def neighbours_of(tx: AsyncSession, near: Sequence[tuple[User, Match]]) -> list[Neighbour]:
    """Those who are near, with what they show to members of what they like."""
    people = {user.id: user for user, _ in near}
    kept = await tx.scalars(select(Profile).where(Profile.user_id.in_(people)))
    played = {row.user_id: [each.id for each in as_members_see(people[row.user_id], row).top_albums] for row in kept}
    rated = await rated_by(tx, [key for key, user in people.items() if privacy_of(user).ratings != "private"])
    albums = {album_id for ratings in rated.values() for album_id, _ in ratings.values()}
    now = await survivors_of(tx, AlbumAlias, albums)
    return [
        Neighbour(
            user_id=user.id,
            name=user.display_name,
            alike=match.score / 1000,
            ratings={now.get(album_id, album_id): half / 2 for album_id, half in rated.get(user.id, {}).values()},
            played=played.get(user.id, []),
        )
        for user, match in near
    ]


async def picks_for(tx: AsyncSession, user_id: UserId) -> list[Pick]:
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


async def heard_by(tx: AsyncSession, user_id: UserId) -> frozenset[AlbumId]:
    """What they played at all, or rated: by the ids that those albums mean now."""
    played = select(func.unnest(Day.album_ids)).where(Day.user_id == user_id)
    ids = (await tx.scalars(union(played, select(Rating.album_id).where(Rating.user_id == user_id)))).all()
    now = await survivors_of(tx, AlbumAlias, ids)
    return frozenset(AlbumId(now.get(each, each)) for each in ids)
