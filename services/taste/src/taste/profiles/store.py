"""Where profiles are kept, and what they are drawn from."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, false, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.aliases import survivors_of
from contracts.ids import AlbumId, ArtistId, TrackId, UserId
from contracts.taste import TasteProfile
from taste.models import Album, AlbumAlias, Day, Profile, Rating, User
from taste.obscurity.store import keep_listener
from taste.profiles.evidence import Evidence, Judgement, Played, PlayedPiece, Traits
from taste.profiles.rules import profile_of
from taste.profiles.sounding import sounds
from taste.profiles.window import WINDOW

# Told beside what is kept: it depends on the clock, on who reads, and on what there is of others.
BESIDE = {"computed_at", "withheld", "origins", "obscurity"}
SHOWN = Rating.withdrawn.is_(False) & Rating.visible_from.is_not(None)


async def evidence_of(tx: AsyncSession, user_id: UserId, until: date = date.max) -> Evidence:
    """All that is known of them: ratings once they may be seen, albums by the ids that they mean now.

    Of days, those up to `until`; of whatever else, all.
    """
    days = (await tx.scalars(select(Day).where(Day.user_id == user_id, await _counts(tx, user_id, until)))).all()
    ratings = (await tx.scalars(select(Rating).where(Rating.user_id == user_id, SHOWN))).all()
    now: dict[AlbumId, AlbumId] = await survivors_of(tx, AlbumAlias, _named(user_id))
    zone = await tx.scalar(select(User.timezone).where(User.id == user_id))
    return Evidence(
        user_id=user_id,
        timezone=zone or "UTC",
        played=[_played(day.day, row, now) for day in days for row in day.plays],
        pieces=[piece for day in days for row in day.plays for piece in _pieces(day.day, row)],
        hours={day.day: day.hours for day in days},
        albums=await _albums(tx, user_id),
        judged=[
            Judgement(row.week_id, now.get(row.album_id, row.album_id), row.half_steps, row.given_at) for row in ratings
        ],
    )


async def _counts(tx: AsyncSession, user_id: UserId, until: date) -> ColumnElement[bool]:
    """Whether a day is in the window; the rules look again, this spares reading what they would leave out."""
    played = (Day.user_id == user_id) & (Day.day <= until) & (Day.plays != [])
    last = await tx.scalar(select(func.max(Day.day)).where(played))
    return (Day.day <= until) & (Day.day > last - WINDOW) if last else false()


async def _albums(tx: AsyncSession, user_id: UserId) -> dict[AlbumId, Traits]:
    meant = select(AlbumAlias.survivor_id).where(AlbumAlias.id.in_(_named(user_id)))
    rows = await tx.scalars(select(Album).where(or_(Album.id.in_(_named(user_id)), Album.id.in_(meant))))
    return {row.id: _traits(row) for row in rows}


def _named(user_id: UserId) -> Any:
    """The ids of all albums they played or rated, as they were told."""
    heard = select(func.unnest(Day.album_ids)).where(Day.user_id == user_id)
    return heard.union(select(Rating.album_id).where(Rating.user_id == user_id))


def _played(day: date, row: dict[str, Any], now: dict[AlbumId, AlbumId]) -> Played:
    album_id = AlbumId(UUID(row["album_id"])) if row["album_id"] else None
    meant = now.get(album_id, album_id) if album_id else None
    return Played(day, ArtistId(UUID(row["artist_id"])), row["artist"], meant, row["album"], row["plays"])


def _pieces(day: date, row: dict[str, Any]) -> list[PlayedPiece]:
    # A day from before tracks were kept names none.
    tracks = row.get("tracks", [])
    return [PlayedPiece(day, TrackId(UUID(each["id"])), each["title"], row["artist"], each["plays"]) for each in tracks]


def genres_of(album: Album) -> dict[str, float]:
    """By weight; of what several sources say, the most."""
    genres: dict[str, float] = {}
    for each in album.genres:
        genres[each["name"]] = max(each["weight"], genres.get(each["name"], 0.0))
    return genres


def _traits(album: Album) -> Traits:
    heard = sounds(album.features, album.mood)
    return Traits(
        album.title, album.artist, album.year, tuple(album.countries), genres_of(album), album.genre_parents, heard
    )


async def keep(tx: AsyncSession, profile: TasteProfile) -> None:
    """In place of the one before, unless nothing changed; of whom nothing is known, none is kept."""
    artists = {each.id for each in profile.top_artists}
    await keep_listener(tx, profile.user_id, artists)
    if not profile.window.plays and not profile.rated:
        await tx.execute(delete(Profile).where(Profile.user_id == profile.user_id))
        return
    document = profile.model_dump(mode="json", exclude=BESIDE)
    known = {"formula_version": profile.formula_version, "inputs_hash": profile.inputs_hash, "document": document}
    row = insert(Profile).values(user_id=profile.user_id, artist_count=len(artists), **known)
    other = or_(
        Profile.inputs_hash != row.excluded.inputs_hash, Profile.formula_version != row.excluded.formula_version
    )
    anew = {**known, "artist_count": len(artists), "computed_at": func.clock_timestamp()}
    await tx.execute(row.on_conflict_do_update(index_elements=[Profile.user_id], set_=anew, where=other))


async def kept_of(tx: AsyncSession, user_id: UserId) -> TasteProfile:
    """As it was last computed; of whom none was, the one of somebody of whom nothing is known."""
    row = await tx.get(Profile, user_id)
    if row is None:
        return profile_of(Evidence(user_id))
    return TasteProfile.model_validate(row.document | {"computed_at": row.computed_at})
